import { AwsError } from "../../shared/api/aws-error.ts";
import type { ApiRequest, ApiResponse, Caller, Service } from "../../shared/api/http.ts";
import { BucketAccessDenied, BucketNotFound, ObjectExists } from "../../shared/ports/object-store.ts";
import { BucketNotEmpty, type Objects, UnstorableKey } from "../../shared/ports/objects.ts";
import { operationOf } from "./operations.ts";
import { s3Error, s3ErrorStatus } from "./s3-error.ts";
import { type S3Target, s3Target } from "./target.ts";
import { xmlDocument } from "./xml.ts";

/** What the S3 API works on. */
export interface S3ApiParts {
  readonly objects: Objects;
}

/**
 * The small part of the S3 API that the embedded host has, so that `aws s3` and the SDKs can make a bucket and
 * read what trails have delivered into it. Whoever may call at all may do everything; policies and ACLs are no
 * part of it. Signatures, those of `aws-chunked` chunks included, are the front door's to check.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */
export function makeS3Api({ objects }: S3ApiParts): Service {
  return async (request, caller) => {
    let target: S3Target = {};
    try {
      target = s3Target(request);
      const operation = operationOf(request, target);
      const { bucket = "", key = "" } = target;
      const response = await operation({ request, caller, bucket, key, objects });
      return { ...response, headers: { ...requestIds(caller), ...response.headers } };
    } catch (error) {
      return errorResponse(knownError(error), request, caller, target);
    }
  };
}

/** What went wrong, as S3 calls it. Anything else is a fault of the host, which the front door reports. */
function knownError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  if (error instanceof BucketNotFound) return s3Error("NoSuchBucket");
  if (error instanceof BucketNotEmpty) return s3Error("BucketNotEmpty");
  if (error instanceof BucketAccessDenied) return s3Error("AccessDenied");
  if (error instanceof UnstorableKey) return s3Error("InvalidRequest", error.message);
  if (error instanceof ObjectExists) return s3Error("PreconditionFailed");
  throw error;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
function errorResponse(
  error: AwsError,
  request: ApiRequest,
  caller: Caller,
  { bucket, key }: S3Target,
): ApiResponse {
  const document = xmlDocument("Error", {
    Code: error.code,
    Message: error.message,
    ...(bucket === undefined ? {} : { BucketName: bucket }),
    ...(key === undefined ? {} : { Key: key }),
    Resource: request.path,
    RequestId: caller.requestId,
    HostId: caller.requestId,
  });
  return {
    status: s3ErrorStatus(error.code),
    headers: { ...requestIds(caller), "content-type": "application/xml" },
    body: request.method === "HEAD" ? "" : document,
  };
}

function requestIds({ requestId }: Caller): Readonly<Record<string, string>> {
  return { "x-amz-request-id": requestId, "x-amz-id-2": requestId };
}
