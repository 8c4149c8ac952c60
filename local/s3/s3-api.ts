import type { ApiRequest, ApiResponse, Service } from "../../shared/api/http.ts";
import { AwsError } from "../../shared/error/aws-error.ts";
import { BucketAccessDenied, BucketNotFound, ObjectExists } from "../../shared/ports/object-store.ts";
import { BucketNotEmpty, type Objects, UnstorableKey } from "../../shared/ports/objects.ts";
import { xmlDocument } from "../xml.ts";
import { MultipartUploads } from "./multipart-uploads.ts";
import { operationOf } from "./operations.ts";
import { s3Error, s3ErrorStatus } from "./s3-error.ts";
import { type S3Target, s3Target } from "./target.ts";

/** What the S3 API works on. */
export interface S3ApiParts {
  readonly objects: Objects;
  /** Told of what callers are not: the cause of an InternalError. */
  readonly reportFailure: (error: unknown) => void;
}

/** Bytes of memory for uploads in parts. */
const ROOM_FOR_UPLOADS = 256 * 1024 * 1024;

/**
 * The small part of the S3 API that the embedded host has, so that `aws s3` and the SDKs can make a bucket and
 * read what trails have delivered into it. Whoever may call at all may do everything: bucket policies are kept and
 * not enforced, and there are no ACLs. Signatures, those of `aws-chunked` chunks included, are the front door's to check.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */
export function makeS3Api({ objects, reportFailure }: S3ApiParts): Service {
  const uploads = new MultipartUploads(ROOM_FOR_UPLOADS);
  return async (request, caller) => {
    let target: S3Target = {};
    try {
      target = s3Target(request);
      const operation = operationOf(request, target);
      const { bucket = "", key = "" } = target;
      await checkExpectedOwner(request, bucket, objects);
      const response = await operation({ request, caller, bucket, key, objects, uploads });
      return { ...response, headers: { ...requestIds(caller.requestId), ...response.headers } };
    } catch (error) {
      const known = answerable(error);
      if (known.code === "InternalError") reportFailure(error);
      return s3ErrorResponse(known, request, caller.requestId, target);
    }
  };
}

/** A caller may say whose bucket it means. @throws AccessDenied where it is somebody else's */
async function checkExpectedOwner(request: ApiRequest, name: string, objects: Objects): Promise<void> {
  const expected = request.headers["x-amz-expected-bucket-owner"];
  const bucket = expected === undefined ? undefined : await objects.bucket(name);
  if (bucket !== undefined && bucket.accountId !== expected) {
    throw s3Error("AccessDenied");
  }
}

/** What went wrong, as S3 calls it; a fault of the host tells the caller nothing. */
function answerable(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof BucketNotFound) return s3Error("NoSuchBucket");
  if (error instanceof BucketNotEmpty) return s3Error("BucketNotEmpty");
  if (error instanceof BucketAccessDenied) return s3Error("AccessDenied");
  if (error instanceof UnstorableKey) return s3Error("InvalidRequest", error.message);
  if (error instanceof ObjectExists) return s3Error("PreconditionFailed");
  return s3Error("InternalError");
}

/**
 * A refused signature as S3 tells it. AWS's other services have one code for a wrong signature, a wrong date and a
 * body that is not the signed one, and tell them apart in the message; S3 has a code for each.
 */
export function s3ErrorOfSignature({ code, message }: AwsError): AwsError {
  switch (code) {
    case "MissingAuthenticationTokenException":
      return s3Error("AccessDenied");
    case "UnrecognizedClientException":
      return s3Error("InvalidAccessKeyId");
    case "IncompleteSignatureException":
      return s3Error("AuthorizationHeaderMalformed", message);
  }
  if (message.startsWith("Signature expired") || message.startsWith("Signature not yet current")) {
    return s3Error("RequestTimeTooSkewed");
  }
  return s3Error(
    message.includes("x-amz-content-sha256") ? "XAmzContentSHA256Mismatch" : "SignatureDoesNotMatch",
  );
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export function s3ErrorResponse(
  error: AwsError,
  request: ApiRequest,
  requestId: string,
  { bucket, key }: S3Target = {},
): ApiResponse {
  const document = xmlDocument("Error", {
    Code: error.code,
    Message: error.message,
    ...(bucket === undefined ? {} : { BucketName: bucket }),
    ...(key === undefined ? {} : { Key: key }),
    Resource: request.path,
    RequestId: requestId,
    HostId: requestId,
  });
  return {
    status: s3ErrorStatus(error.code),
    headers: { ...requestIds(requestId), "content-type": "application/xml" },
    body: request.method === "HEAD" ? "" : document,
  };
}

function requestIds(requestId: string): Readonly<Record<string, string>> {
  return { "x-amz-request-id": requestId, "x-amz-id-2": requestId };
}
