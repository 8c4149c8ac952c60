import type { ByteRange, ObjectDetails } from "../../shared/ports/objects.ts";
import type { S3Call } from "./call.ts";
import { readCondition } from "./conditions.ts";
import { s3Error } from "./s3-error.ts";

/** The object that a copy is made of. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly details: ObjectDetails;
}

const CONDITION = "x-amz-copy-source-if-";

/**
 * The object that `x-amz-copy-source` names, checked against the conditions that came with it.
 * @throws InvalidArgument, NoSuchKey, PreconditionFailed, NotImplemented for a version
 */
export async function copySource({ request, objects }: S3Call): Promise<CopySource> {
  const { headers } = request;
  const [path = "", versionId] = (headers["x-amz-copy-source"] ?? "").split("?versionId=");
  const [, bucket = "", key = ""] = /^\/?([^/]+)\/(.+)$/s.exec(decoded(path)) ?? [];
  if (key === "") {
    throw s3Error(
      "InvalidArgument",
      "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
    );
  }
  if (versionId !== undefined && versionId !== "null") {
    throw s3Error("NotImplemented", "OpenTrail's part of S3 has no versions of objects.");
  }

  const details = await objects.details(bucket, key);
  if (details === undefined) {
    throw s3Error("NoSuchKey");
  }
  const conditions = Object.entries(headers)
    .filter(([name]) => name.startsWith(CONDITION))
    .map(([name, value]) => [`if-${name.slice(CONDITION.length)}`, value]);
  if (readCondition(Object.fromEntries(conditions), details) !== "proceed") {
    throw s3Error("PreconditionFailed");
  }
  return { bucket, key, details };
}

/** The source's bytes, all of them or those of the range. */
export async function readSource(
  { objects }: S3Call,
  { bucket, key }: CopySource,
  range?: ByteRange,
): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of objects.read(bucket, key, range)) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw s3Error("InvalidArgument", "Invalid copy source encoding.");
  }
}
