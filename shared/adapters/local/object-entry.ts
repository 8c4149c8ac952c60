import { createHash } from "node:crypto";
import { createReadStream, type Stats } from "node:fs";
import { readFile } from "node:fs/promises";
import { isJsonObject } from "../../event/json.ts";
import type { ObjectSettings } from "../../ports/object-store.ts";
import type { ObjectDetails } from "../../ports/objects.ts";
import { isMissing } from "./durable-file.ts";

/** What is kept beside an object's bytes. */
export interface ObjectEntry extends ObjectDetails {
  readonly kmsKeyId?: string;
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

/** The entry of an object that is about to be written. @param now ms since the epoch */
export function newEntry(body: Uint8Array, settings: ObjectSettings, now: number): ObjectEntry {
  const etag = createHash("md5").update(body).digest("hex");
  return { size: body.length, etag, lastModified: now, metadata: {}, ...settings };
}

/**
 * Whether all that an entry says can be found out again from the object's bytes and name, were its metadata file
 * lost: a log file's, but not a digest file's, which holds a signature.
 */
export function isDerivable(entry: ObjectEntry, bodyFile: string): boolean {
  const { contentType, contentEncoding, metadata, kmsKeyId } = entry;
  const type = typeByName(bodyFile);
  return (
    contentType === type.contentType &&
    contentEncoding === type.contentEncoding &&
    kmsKeyId === undefined &&
    Object.keys(metadata).length === 0
  );
}

type ContentType = Pick<ObjectEntry, "contentType" | "contentEncoding">;

function typeByName(file: string): ContentType {
  return file.endsWith(".json.gz")
    ? { contentType: "application/json", contentEncoding: "gzip" }
    : { contentType: "binary/octet-stream" };
}

/** The text of a metadata file. @param entries the newest first; two while an object is being overwritten */
export function metadataText(key: string, entries: readonly ObjectEntry[]): string {
  return `${JSON.stringify({ key, entries }, undefined, 2)}\n`;
}

/**
 * The entry of the object whose bytes are in `bodyFile`. If its metadata file has two, an overwrite was cut off:
 * the bytes tell which one counts. A file that somebody else put into the folder or changed gets an entry of
 * what can be seen of it.
 * @param stats of `bodyFile`
 */
export async function readEntry(bodyFile: string, stats: Stats, metadataFile: string): Promise<ObjectEntry> {
  const entries = (await readEntries(metadataFile)).filter(({ size }) => size === stats.size);
  const [first] = entries;
  if (first && entries.length === 1) {
    return first;
  }
  const etag = await md5OfFile(bodyFile);
  return (
    entries.find((entry) => entry.etag === etag) ?? {
      size: stats.size,
      etag,
      lastModified: Math.floor(stats.mtimeMs),
      ...typeByName(bodyFile),
      metadata: {},
    }
  );
}

async function readEntries(metadataFile: string): Promise<readonly ObjectEntry[]> {
  try {
    const content: unknown = JSON.parse(await readFile(metadataFile, "utf8"));
    return isJsonObject(content) && Array.isArray(content.entries)
      ? (content.entries as unknown as readonly ObjectEntry[])
      : [];
  } catch (error) {
    if (isMissing(error) || error instanceof SyntaxError) {
      return [];
    }
    throw error;
  }
}

async function md5OfFile(file: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(file)) {
    hash.update(chunk);
  }
  return hash.digest("hex");
}
