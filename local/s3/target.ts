import type { ApiRequest } from "../../shared/api/http.ts";
import { s3Error } from "./s3-error.ts";

/** What a request is about: the service (neither), a bucket, or an object (both). */
export interface S3Target {
  readonly bucket?: string;
  readonly key?: string;
}

/**
 * The bucket and key of a request, in path style (`/bucket/key`) or in virtual-hosted style, where the bucket
 * stands in the host's name: `bucket.localhost`, `bucket.s3.localhost`, `bucket.s3.eu-west-1.localhost`.
 * @throws InvalidURI where the path is not percent-encoded UTF-8
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function s3Target(request: ApiRequest): S3Target {
  const path = request.path.replace(/^\//, "");
  const hostBucket = bucketOfHost(request.headers.host ?? "");
  if (hostBucket !== undefined) {
    return path === "" ? { bucket: hostBucket } : { bucket: hostBucket, key: decode(path) };
  }

  const slash = path.indexOf("/");
  const bucket = decode(slash < 0 ? path : path.slice(0, slash));
  const key = slash < 0 ? "" : decode(path.slice(slash + 1));
  if (bucket === "") {
    return {};
  }
  return key === "" ? { bucket } : { bucket, key };
}

function bucketOfHost(host: string): string | undefined {
  const name = host.replace(/:\d*$/, "").toLowerCase();
  // Greedy: a bucket's own name may have `.s3.` in it.
  const beforeS3 = /^(.+)\.s3[.-]/.exec(name)?.[1];
  if (beforeS3 !== undefined) {
    return beforeS3;
  }
  return /^s3[.-]/.test(name) ? undefined : /^(.+)\.localhost$/.exec(name)?.[1];
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw s3Error("InvalidURI");
  }
}
