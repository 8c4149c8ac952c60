import type { ApiResponse } from "../../shared/api/http.ts";
import type { S3Call } from "./call.ts";
import { s3Error } from "./s3-error.ts";
import { readUpload } from "./upload.ts";
import { children, childText, parseXml, xmlResponse } from "./xml.ts";

const MOST_TAGS = 50;

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketTagging.html */
export async function putBucketTagging({ request, bucket, objects }: S3Call): Promise<ApiResponse> {
  const [tagSet] = children(parseXml(readUpload(request).content, "Tagging"), "TagSet");
  const tags = children(tagSet, "Tag").map((tag) => {
    const key = childText(tag, "Key") ?? "";
    if (key === "" || key.length > 128) throw s3Error("InvalidTag");
    return [key, childText(tag, "Value") ?? ""] as const;
  });
  if (tags.length > MOST_TAGS || new Set(tags.map(([key]) => key)).size < tags.length) {
    throw s3Error("InvalidTag");
  }
  await objects.setBucketTags(bucket, Object.fromEntries(tags));
  return { status: 204, headers: {}, body: "" };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketTagging.html */
export async function getBucketTagging({ bucket, objects }: S3Call): Promise<ApiResponse> {
  const found = await objects.bucket(bucket);
  if (found === undefined) throw s3Error("NoSuchBucket");
  const tags = Object.entries(found.tags ?? {});
  if (tags.length === 0) throw s3Error("NoSuchTagSet");
  return xmlResponse("Tagging", { TagSet: { Tag: tags.map(([Key, Value]) => ({ Key, Value })) } });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketTagging.html */
export async function deleteBucketTagging({ bucket, objects }: S3Call): Promise<ApiResponse> {
  await objects.setBucketTags(bucket, undefined);
  return { status: 204, headers: {}, body: "" };
}
