import { createHash } from "node:crypto";
import type { ApiResponse } from "../../shared/api/http.ts";
import { byteRange } from "./byte-range.ts";
import type { S3Call } from "./call.ts";
import { copySource, readSource } from "./copy-source.ts";
import type { PartReference } from "./multipart-uploads.ts";
import { putAsAsked } from "./object-operations.ts";
import { s3Error } from "./s3-error.ts";
import { checkKey, objectSettings } from "./settings.ts";
import { readUpload } from "./upload.ts";
import { children, childText, parseXml, xmlResponse } from "./xml.ts";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html */
export async function createMultipartUpload(call: S3Call): Promise<ApiResponse> {
  const { request, bucket, key, objects, uploads } = call;
  checkKey(key);
  const settings = objectSettings(request.headers);
  if ((await objects.bucket(bucket)) === undefined) {
    throw s3Error("NoSuchBucket");
  }

  const UploadId = uploads.create(bucket, key, settings);
  return xmlResponse("InitiateMultipartUploadResult", { Bucket: bucket, Key: key, UploadId });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html */
export async function uploadPart(call: S3Call): Promise<ApiResponse> {
  const { request, bucket, key, uploads } = call;
  if ("x-amz-copy-source" in request.headers) {
    return uploadPartCopy(call);
  }
  const { content, checksums } = readUpload(request);

  const partNumber = Number(request.query.get("partNumber"));
  const etag = uploads.putPart(uploadId(request.query), bucket, key, partNumber, content);
  return { status: 200, headers: { etag: `"${etag}"`, ...checksums }, body: "" };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html */
async function uploadPartCopy(call: S3Call): Promise<ApiResponse> {
  const { request, bucket, key, uploads } = call;
  const source = await copySource(call);
  const range = byteRange(request.headers["x-amz-copy-source-range"], source.details.size);
  const content = await readSource(call, source, range);

  const partNumber = Number(request.query.get("partNumber"));
  const etag = uploads.putPart(uploadId(request.query), bucket, key, partNumber, content);
  return xmlResponse("CopyPartResult", { LastModified: new Date().toISOString(), ETag: `"${etag}"` });
}

/**
 * The object's ETag is the MD5 of its bytes, as after a PutObject; S3 makes one of the parts' ETags.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
 */
export async function completeMultipartUpload(call: S3Call): Promise<ApiResponse> {
  const { request, bucket, key, uploads } = call;
  const id = uploadId(request.query);
  const parts = children(parseXml(request.body, "CompleteMultipartUpload"), "Part").map(partReference);
  if (parts.length === 0) {
    throw s3Error("MalformedXML");
  }

  const { content, settings } = uploads.assemble(id, bucket, key, parts);
  await putAsAsked(call, content, settings);
  uploads.remove(id, bucket, key);
  return xmlResponse("CompleteMultipartUploadResult", {
    Location: `/${bucket}/${key}`,
    Bucket: bucket,
    Key: key,
    ETag: `"${createHash("md5").update(content).digest("hex")}"`,
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html */
export async function abortMultipartUpload({ request, bucket, key, uploads }: S3Call): Promise<ApiResponse> {
  uploads.remove(uploadId(request.query), bucket, key);
  return { status: 204, headers: {}, body: "" };
}

function partReference(part: unknown): PartReference {
  const partNumber = Number(childText(part, "PartNumber"));
  const etag = childText(part, "ETag")?.replace(/^"(.*)"$/, "$1");
  if (!Number.isInteger(partNumber) || etag === undefined) {
    throw s3Error("MalformedXML");
  }
  return { partNumber, etag };
}

function uploadId(query: URLSearchParams): string {
  return query.get("uploadId") ?? "";
}
