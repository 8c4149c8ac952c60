import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { opendir, stat } from "node:fs/promises";
import path from "node:path";
import { once } from "../../shared/compose/once.ts";
import { CommandFailure } from "../command-failure.ts";
import type { LogFileEntry } from "./log-file-entry.ts";

/** Stands for the bucket of files whose bucket is not known. No bucket has so short a name. */
export const NO_BUCKET = "-";

/**
 * All files of a folder, also of folders in it, or the one file. What is copied from a bucket has its key from the
 * folder `AWSLogs` on, and the MD5 that S3 gives as the ETag of an object that was put whole and is not encrypted with
 * KMS: so it is known as the same file if the bucket is named.
 * @param bucket the one that the folder is a copy of
 * @throws CommandFailure if there is no such folder
 */
export async function* folderEntries(name: string, bucket: string): AsyncGenerator<LogFileEntry> {
  const found = await stat(name).catch((cause: unknown) => {
    throw new CommandFailure(`There is no file or folder ${name}`, { cause });
  });
  if (!found.isDirectory()) {
    yield fileEntry(name, path.basename(name), bucket, found.size);
    return;
  }
  for await (const entry of await opendir(name, { recursive: true })) {
    if (!entry.isFile()) continue;
    const filePath = path.join(entry.parentPath, entry.name);
    const relative = path.relative(name, filePath).split(path.sep).join("/");
    yield fileEntry(filePath, relative, bucket, (await stat(filePath)).size);
  }
}

function fileEntry(filePath: string, relative: string, bucket: string, size: number): LogFileEntry {
  const whole = path.resolve(filePath).split(path.sep).join("/");
  const logs = whole.lastIndexOf("/AWSLogs/");
  const etag = once(() => md5Of(filePath));
  return {
    label: filePath,
    bucket,
    key: logs === -1 ? relative : whole.slice(logs + 1),
    size,
    etag,
    open: async () => ({
      etag: await etag(),
      size,
      isOwn: false,
      bytes: () => createReadStream(filePath, { highWaterMark: 256 * 1024 }),
      discard: () => undefined,
    }),
  };
}

async function md5Of(filePath: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(filePath)) hash.update(chunk);
  return hash.digest("hex");
}
