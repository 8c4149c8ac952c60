import { createHash } from "node:crypto";
import type { ApiResponse } from "../../shared/api/http.ts";
import type { ObjectSettings } from "../../shared/ports/object-store.ts";
import type { ObjectDetails } from "../../shared/ports/objects.ts";
import { byteRange } from "./byte-range.ts";
import type { S3Call } from "./call.ts";
import { readCondition } from "./conditions.ts";
import { s3Error } from "./s3-error.ts";
import { checkKey, objectSettings } from "./settings.ts";
import { readUpload } from "./upload.ts";

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export async function putObject(call: S3Call): Promise<ApiResponse> {
  checkKey(call.key);
  const settings = objectSettings(call.request.headers);
  const { content, checksums } = readUpload(call.request);

  await putAsAsked(call, content, settings);
  const etag = createHash("md5").update(content).digest("hex");
  return { status: 200, headers: { etag: `"${etag}"`, ...checksums }, body: "" };
}

/** Puts the object; with `If-None-Match: *` only if there is none. @throws ObjectExists, NotImplemented */
export async function putAsAsked(
  { request, bucket, key, objects }: S3Call,
  content: Buffer,
  settings: ObjectSettings,
): Promise<void> {
  const ifNoneMatch = request.headers["if-none-match"];
  if (ifNoneMatch === undefined) {
    await objects.put(bucket, key, content, settings);
  } else if (ifNoneMatch === "*") {
    await objects.putNew(bucket, key, content, settings);
  } else {
    throw s3Error("NotImplemented", "On a put, If-None-Match takes * only.");
  }
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export async function getObject(call: S3Call): Promise<ApiResponse> {
  const { request, bucket, key, objects } = call;
  const object = await existingObject(call);
  const headers = { ...objectHeaders(object), ...overriddenHeaders(request.query) };
  switch (readCondition(request.headers, object)) {
    case "failed":
      throw s3Error("PreconditionFailed");
    case "not-modified":
      return { status: 304, headers: { etag: headers.etag }, body: "" };
    case "proceed":
  }

  const range = byteRange(request.headers.range, object.size);
  const body = request.method === "HEAD" ? "" : objects.read(bucket, key, range);
  if (range === undefined) {
    return { status: 200, headers: { ...headers, "content-length": String(object.size) }, body };
  }
  return {
    status: 206,
    headers: {
      ...headers,
      "content-length": String(range.end - range.start + 1),
      "content-range": `bytes ${range.start}-${range.end}/${object.size}`,
    },
    body,
  };
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html */
export async function deleteObject({ bucket, key, objects }: S3Call): Promise<ApiResponse> {
  await objects.delete(bucket, key);
  return { status: 204, headers: {}, body: "" };
}

async function existingObject({ bucket, key, objects }: S3Call): Promise<ObjectDetails> {
  const object = await objects.details(bucket, key);
  if (object === undefined) {
    throw s3Error("NoSuchKey");
  }
  return object;
}

function objectHeaders(object: ObjectDetails): { readonly [name: string]: string; readonly etag: string } {
  const metadata = Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  return {
    ...Object.fromEntries(metadata),
    "accept-ranges": "bytes",
    "content-type": object.contentType,
    ...(object.contentEncoding === undefined ? {} : { "content-encoding": object.contentEncoding }),
    etag: `"${object.etag}"`,
    "last-modified": new Date(object.lastModified).toUTCString(),
  };
}

/** A signed link may say how the browser shall take the object: `response-content-disposition` and its kin. */
function overriddenHeaders(query: URLSearchParams): Readonly<Record<string, string>> {
  const names = [
    "content-type",
    "content-encoding",
    "content-language",
    "content-disposition",
    "cache-control",
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === null || /[^\x20-\x7e]/.test(value) ? [] : [[name, value]];
    }),
  );
}
