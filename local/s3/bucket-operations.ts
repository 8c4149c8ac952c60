import type { ApiResponse } from "../../shared/api/http.ts";
import type { Bucket } from "../../shared/ports/objects.ts";
import { isBucketName } from "./bucket-name.ts";
import type { S3Call } from "./call.ts";
import { s3Error } from "./s3-error.ts";
import { childText, parseXml, xmlResponse } from "./xml.ts";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html */
export async function createBucket({ request, caller, bucket, objects }: S3Call): Promise<ApiResponse> {
  if (!isBucketName(bucket)) {
    throw s3Error("InvalidBucketName");
  }
  const region = bucketRegion(request.body, caller.region);

  const { accountId } = caller;
  if (!(await objects.createBucket({ name: bucket, accountId, region, creationTime: Date.now() }))) {
    const existing = await objects.bucket(bucket);
    if (existing !== undefined && existing.accountId !== accountId) {
      throw s3Error("BucketAlreadyExists");
    }
    // In us-east-1, and only there, making one's own bucket again succeeds.
    if (region !== "us-east-1") {
      throw s3Error("BucketAlreadyOwnedByYou");
    }
  }
  return { status: 200, headers: { location: `/${bucket}` }, body: "" };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export async function listBuckets({ request, caller, objects }: S3Call): Promise<ApiResponse> {
  const { query } = request;
  const prefix = query.get("prefix") ?? "";
  const after = query.get("continuation-token") ?? "";
  const region = query.get("bucket-region");
  const limit = maxBuckets(query.get("max-buckets"));

  const found = (await objects.buckets()).filter(
    (bucket) =>
      bucket.accountId === caller.accountId &&
      bucket.name.startsWith(prefix) &&
      bucket.name > after &&
      (region === null || bucket.region === region),
  );
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return xmlResponse("ListAllMyBucketsResult", {
    Owner: { ID: caller.accountId, DisplayName: caller.accountId },
    Buckets: {
      Bucket: page.map(({ name, region: home, creationTime }) => ({
        Name: name,
        CreationDate: new Date(creationTime).toISOString(),
        BucketRegion: home,
      })),
    },
    ...(found.length > page.length && last !== undefined ? { ContinuationToken: last.name } : {}),
    ...(prefix === "" ? {} : { Prefix: prefix }),
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export async function headBucket(call: S3Call): Promise<ApiResponse> {
  const { region } = await existingBucket(call);
  return {
    status: 200,
    headers: { "content-type": "application/xml", "x-amz-bucket-region": region },
    body: "",
  };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html */
export async function deleteBucket({ bucket, objects }: S3Call): Promise<ApiResponse> {
  await objects.deleteBucket(bucket);
  return { status: 204, headers: {}, body: "" };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html */
export async function getBucketLocation(call: S3Call): Promise<ApiResponse> {
  const { region } = await existingBucket(call);
  return xmlResponse("LocationConstraint", region === "us-east-1" ? {} : { "#text": region });
}

async function existingBucket({ bucket, objects }: S3Call): Promise<Bucket> {
  const found = await objects.bucket(bucket);
  if (found === undefined) {
    throw s3Error("NoSuchBucket");
  }
  return found;
}

/**
 * The region that CreateBucket's body asks for, which has to be the one that the request was signed for.
 * Only us-east-1 goes without saying.
 */
function bucketRegion(body: Buffer, signedFor: string): string {
  const asked =
    body.length === 0
      ? undefined
      : childText(parseXml(body, "CreateBucketConfiguration"), "LocationConstraint");
  const region = asked === "EU" ? "eu-west-1" : asked || "us-east-1";
  if (region === signedFor) {
    return region;
  }
  throw asked
    ? s3Error(
        "IllegalLocationConstraintException",
        `The ${asked} location constraint is incompatible for the region specific endpoint this request was sent to.`,
      )
    : s3Error("IllegalLocationConstraintException");
}

function maxBuckets(text: string | null): number {
  const limit = text === null ? 10_000 : Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw s3Error("InvalidArgument", "max-buckets must be an integer from 1 to 10000");
  }
  return limit;
}
