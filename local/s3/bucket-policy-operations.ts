import type { ApiResponse } from "../../shared/api/http.ts";
import type { S3Call } from "./call.ts";
import { s3Error } from "./s3-error.ts";
import { readUpload } from "./upload.ts";

const LONGEST_POLICY = 20 * 1024;

/**
 * Keeps the policy. It is not enforced: whoever may call this host may do everything.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketPolicy.html
 */
export async function putBucketPolicy({ request, bucket, objects }: S3Call): Promise<ApiResponse> {
  const policy = readUpload(request).content.toString("utf8");
  if (Buffer.byteLength(policy) > LONGEST_POLICY || !isPolicy(policy)) {
    throw s3Error("MalformedPolicy");
  }
  await objects.setBucketPolicy(bucket, policy);
  return { status: 204, headers: {}, body: "" };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketPolicy.html */
export async function getBucketPolicy({ bucket, objects }: S3Call): Promise<ApiResponse> {
  const found = await objects.bucket(bucket);
  if (found === undefined) {
    throw s3Error("NoSuchBucket");
  }
  if (found.policy === undefined) {
    throw s3Error("NoSuchBucketPolicy");
  }
  return { status: 200, headers: { "content-type": "application/json" }, body: found.policy };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html */
export async function deleteBucketPolicy({ bucket, objects }: S3Call): Promise<ApiResponse> {
  await objects.setBucketPolicy(bucket, undefined);
  return { status: 204, headers: {}, body: "" };
}

function isPolicy(text: string): boolean {
  try {
    const policy: unknown = JSON.parse(text);
    return typeof policy === "object" && policy !== null && "Statement" in policy;
  } catch {
    return false;
  }
}
