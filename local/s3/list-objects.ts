import type { ApiResponse } from "../../shared/api/http.ts";
import type { ObjectSummary } from "../../shared/ports/objects.ts";
import type { XmlElements } from "../xml.ts";
import type { S3Call } from "./call.ts";
import { type Listing, listPage } from "./listing.ts";
import { s3Error } from "./s3-error.ts";
import { xmlResponse } from "./xml.ts";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html */
export async function listObjects({ request, bucket, objects }: S3Call): Promise<ApiResponse> {
  const { query } = request;
  const encode = keyEncoding(query);
  const delimiter = query.get("delimiter") ?? "";
  const marker = query.get("marker") ?? "";
  const page = await listPage(objects, bucket, {
    prefix: query.get("prefix") ?? "",
    delimiter,
    after: marker,
    maxKeys: maxKeys(query),
  });

  return xmlResponse("ListBucketResult", {
    ...common(bucket, query, page),
    Marker: encode(marker),
    // S3 answers it only with a delimiter; without, the last key serves.
    ...(page.isTruncated && delimiter !== "" ? { NextMarker: encode(page.last ?? "") } : {}),
    Contents: page.contents.map((object) => ({ ...contents(object, encode), Owner: owner })),
  });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export async function listObjectsV2({ request, bucket, objects }: S3Call): Promise<ApiResponse> {
  const { query } = request;
  const encode = keyEncoding(query);
  const token = query.get("continuation-token") ?? undefined;
  const startAfter = query.get("start-after") ?? undefined;
  const page = await listPage(objects, bucket, {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    after: token === undefined ? (startAfter ?? "") : keyOfToken(token),
    maxKeys: maxKeys(query),
  });

  const withOwner = query.get("fetch-owner") === "true" ? { Owner: owner } : {};
  return xmlResponse("ListBucketResult", {
    ...common(bucket, query, page),
    KeyCount: page.contents.length + page.commonPrefixes.length,
    ...(token === undefined ? {} : { ContinuationToken: token }),
    ...(startAfter === undefined ? {} : { StartAfter: encode(startAfter) }),
    ...(page.isTruncated ? { NextContinuationToken: tokenOfKey(page.last ?? "") } : {}),
    Contents: page.contents.map((object) => ({ ...contents(object, encode), ...withOwner })),
  });
}

/**
 * Each object is its only version, as in a bucket that never had versioning: what empties a bucket asks for versions.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html
 */
export async function listObjectVersions({ request, bucket, objects }: S3Call): Promise<ApiResponse> {
  const { query } = request;
  const encode = keyEncoding(query);
  const marker = query.get("key-marker") ?? "";
  const page = await listPage(objects, bucket, {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    after: marker,
    maxKeys: maxKeys(query),
  });

  return xmlResponse("ListVersionsResult", {
    ...common(bucket, query, page),
    KeyMarker: encode(marker),
    ...(page.isTruncated ? { NextKeyMarker: encode(page.last ?? ""), NextVersionIdMarker: "null" } : {}),
    Version: page.contents.map((object) => ({
      ...contents(object, encode),
      VersionId: "null",
      IsLatest: true,
      Owner: owner,
    })),
  });
}

/** Everything in a host belongs to whoever runs it. */
const owner = { ID: "opentrail", DisplayName: "opentrail" };

function common(bucket: string, query: URLSearchParams, page: Listing): XmlElements {
  const encode = keyEncoding(query);
  const delimiter = query.get("delimiter");
  return {
    Name: bucket,
    Prefix: encode(query.get("prefix") ?? ""),
    ...(delimiter === null ? {} : { Delimiter: encode(delimiter) }),
    MaxKeys: maxKeys(query),
    ...(query.has("encoding-type") ? { EncodingType: "url" } : {}),
    IsTruncated: page.isTruncated,
    CommonPrefixes: page.commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })),
  };
}

function contents(object: ObjectSummary, encode: (key: string) => string): XmlElements {
  return {
    Key: encode(object.key),
    LastModified: new Date(object.lastModified).toISOString(),
    ETag: `"${object.etag}"`,
    Size: object.size,
    StorageClass: "STANDARD",
  };
}

function maxKeys(query: URLSearchParams): number {
  const text = query.get("max-keys") ?? "1000";
  if (!/^\d{1,10}$/.test(text) || Number(text) > 2 ** 31 - 1) {
    throw s3Error("InvalidArgument", "Provided max-keys not an integer or within integer range");
  }
  return Math.min(Number(text), 1000);
}

/** With `encoding-type=url`, keys are written as in HTML forms, but for slashes, which stay. */
function keyEncoding(query: URLSearchParams): (key: string) => string {
  const type = query.get("encoding-type");
  if (type === null) {
    return (key) => key;
  }
  if (type !== "url") {
    throw s3Error("InvalidArgument", "Invalid Encoding Method specified in Request");
  }
  return (key) => new URLSearchParams({ key }).toString().slice("key=".length).replaceAll("%2F", "/");
}

function tokenOfKey(key: string): string {
  return Buffer.from(key, "utf8").toString("base64");
}

function keyOfToken(token: string): string {
  const key = Buffer.from(token, "base64").toString("utf8");
  if (key === "" || tokenOfKey(key) !== token) {
    throw s3Error("InvalidArgument", "The continuation token provided is incorrect");
  }
  return key;
}
