import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { LogBuckets } from "../../ports/log-buckets.ts";
import { isMissing } from "./durable-file.ts";
import { metadataName, pathOfKey } from "./object-path.ts";
import { walkObjects } from "./object-walk.ts";

/**
 * Buckets in folders, which are only read: a data folder of the embedded host, a folder with a folder a bucket in it, or
 * the copy of one bucket. A copy has no metadata, except where `<file>.head.json` beside a file is what
 * `aws s3api head-object` answered for its object.
 */
export function folderLogBuckets(folder: string): LogBuckets {
  const rootOf = (bucket: string): string =>
    [path.join(folder, "objects", bucket), path.join(folder, bucket)].find((root) => existsSync(root)) ??
    folder;
  return {
    async *keys(bucket, prefix, after) {
      for await (const { key } of walkObjects(rootOf(bucket), { prefix, after })) {
        if (!key.endsWith(HEAD)) {
          yield key;
        }
      }
    },

    async get(bucket, key) {
      const file = path.join(rootOf(bucket), ...pathOfKey(key));
      const body = await readIfThere(file);
      return (
        body && { body, metadata: key.includes(DIGEST) ? await metadataOf(folder, bucket, key, file) : {} }
      );
    },
  };
}

const HEAD = ".head.json";
/** Nothing else has metadata that validation reads. */
const DIGEST = "/CloudTrail-Digest/";

async function metadataOf(
  folder: string,
  bucket: string,
  key: string,
  file: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const head = await readIfThere(`${file}${HEAD}`);
  if (head !== undefined) {
    return (
      (JSON.parse(head.toString()) as { readonly Metadata?: Readonly<Record<string, string>> }).Metadata ?? {}
    );
  }
  const isDataFolder = existsSync(path.join(folder, "object-metadata"));
  const entry = await readIfThere(path.join(folder, "object-metadata", bucket, metadataName(key)));
  if (entry === undefined) {
    return isDataFolder ? {} : undefined;
  }
  const { entries } = JSON.parse(entry.toString()) as {
    readonly entries?: readonly { readonly metadata?: Readonly<Record<string, string>> }[];
  };
  return entries?.[0]?.metadata ?? {};
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}
