import type { ApiRequest } from "../../shared/api/http.ts";
import type { ObjectSettings } from "../../shared/ports/object-store.ts";
import { s3Error } from "./s3-error.ts";
import { contentEncodingOf } from "./upload.ts";

/** @throws KeyTooLongError over 1,024 bytes */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) > 1024) {
    throw s3Error("KeyTooLongError");
  }
}

const metadataPrefix = "x-amz-meta-";
const mostMetadata = 2048;

/**
 * What the headers of a put ask to be kept beside the bytes.
 * @throws MetadataTooLarge, and NotImplemented or AccessControlListNotSupported where they ask for more than is kept
 */
export function objectSettings(headers: ApiRequest["headers"]): ObjectSettings {
  refuseUnsupported(headers);
  const metadata = Object.entries(headers)
    .filter(([name]) => name.startsWith(metadataPrefix))
    .map(([name, value]) => [name.slice(metadataPrefix.length), value] as const);
  // Header values arrive as Latin-1: a character is a byte.
  if (metadata.reduce((size, [name, value]) => size + name.length + value.length, 0) > mostMetadata) {
    throw s3Error("MetadataTooLarge");
  }

  const contentEncoding = contentEncodingOf(headers);
  return {
    contentType: headers["content-type"] ?? "binary/octet-stream",
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    metadata: Object.fromEntries(metadata),
  };
}

const unsupportedHeaders = [
  "if-match",
  "x-amz-object-lock-legal-hold",
  "x-amz-object-lock-mode",
  "x-amz-server-side-encryption-aws-kms-key-id",
  "x-amz-server-side-encryption-customer-algorithm",
  "x-amz-tagging",
  "x-amz-website-redirect-location",
  "x-amz-write-offset-bytes",
];
/** What S3 does unasked may be asked for. */
const supportedValues: Readonly<Record<string, readonly string[]>> = {
  "x-amz-server-side-encryption": ["AES256"],
  "x-amz-storage-class": ["STANDARD"],
};
/** A bucket's owner has everything that is put into it, as in S3's buckets by default. */
const supportedAcls = ["private", "bucket-owner-full-control"];

function refuseUnsupported(headers: ApiRequest["headers"]): void {
  const unsupported =
    unsupportedHeaders.find((name) => name in headers) ??
    Object.keys(supportedValues).find((name) => !isSupported(name, headers[name]));
  if (unsupported !== undefined) {
    throw s3Error("NotImplemented", `OpenTrail's part of S3 does not have what ${unsupported} asks for.`);
  }

  const acl = headers["x-amz-acl"];
  if (acl !== undefined && !supportedAcls.includes(acl)) {
    throw s3Error("AccessControlListNotSupported");
  }
}

function isSupported(name: string, value: string | undefined): boolean {
  return value === undefined || supportedValues[name]?.includes(value) === true;
}
