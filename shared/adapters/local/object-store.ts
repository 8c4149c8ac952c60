import { createReadStream, rmdirSync, type Stats } from "node:fs";
import { lstat, rm } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../../ports/clock.ts";
import { ObjectExists, type ObjectSettings, type ObjectStore } from "../../ports/object-store.ts";
import {
  type Bucket,
  type ByteRange,
  type ObjectDetails,
  type ObjectSummary,
  type Objects,
  UnstorableKey,
} from "../../ports/objects.ts";
import { BucketFolders } from "./bucket-folders.ts";
import { errorCode, isMissing, syncFolders, writeForgettableFile } from "./durable-file.ts";
import { KeyMutex } from "./key-mutex.ts";
import { isDerivable, metadataText, newEntry, type ObjectEntry, readEntry } from "./object-entry.ts";
import { isObjectKey, metadataName, pathOfKey } from "./object-path.ts";
import { walkObjects } from "./object-walk.ts";
import { TemporaryFiles } from "./temporary-files.ts";

/** Where an object's parts lie. */
interface Place {
  readonly key: string;
  readonly body: string;
  readonly metadata: string;
}

/**
 * Buckets as a folder tree below the data folder, which must be locked to this process:
 *
 * - `objects/<bucket>/<key>`: the bytes. An object is there exactly if this file is.
 * - `object-metadata/<bucket>/<2 digits>/<SHA-256 of the key>.json`: what else is known of it, and its key; written before
 *   the bytes take their place. Not in folders like the key's, since making folders is what costs most of a put.
 * - `buckets/<bucket>.json`: the bucket's owner, region and age; the bucket is there exactly if this file is.
 * - `temporary/`: files on their way, removed at the start.
 *
 * Since a name is either a file or a folder, a key and another one that starts with it and a slash cannot both be
 * there: the put of the second is refused (UnstorableKey). KMS keys are noted; nothing is encrypted.
 */
export class LocalObjectStore implements ObjectStore, Objects {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #temporary: TemporaryFiles;
  readonly #buckets: BucketFolders;
  readonly #mutex = new KeyMutex();

  /** @param folder the data folder's path */
  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
    this.#temporary = new TemporaryFiles(path.join(folder, "temporary"));
    this.#buckets = new BucketFolders(folder, this.#temporary);
  }

  createBucket(bucket: Bucket): Promise<boolean> {
    return this.#buckets.create(bucket);
  }

  async bucket(name: string): Promise<Bucket | undefined> {
    return this.#buckets.find(name);
  }

  async buckets(): Promise<readonly Bucket[]> {
    return this.#buckets.all();
  }

  async bucketExists(bucket: string): Promise<boolean> {
    return this.#buckets.find(bucket) !== undefined;
  }

  async setBucketTags(name: string, tags: Bucket["tags"]): Promise<void> {
    await this.#buckets.change(name, ({ tags: _, ...bucket }) => ({
      ...bucket,
      ...(tags !== undefined && { tags }),
    }));
  }

  async setBucketPolicy(name: string, policy: string | undefined): Promise<void> {
    await this.#buckets.change(name, ({ policy: _, ...bucket }) => ({
      ...bucket,
      ...(policy !== undefined && { policy }),
    }));
  }

  async deleteBucket(name: string): Promise<void> {
    await this.#buckets.delete(name);
  }

  /** @throws UnstorableKey besides what the port names */
  async putNew(bucket: string, key: string, body: Uint8Array, settings: ObjectSettings): Promise<void> {
    return this.#put(bucket, key, (place) => this.#putInPlace(place, body, settings, false));
  }

  /** After an error or a crash either the old object is there whole, or the new one. @throws UnstorableKey */
  async put(bucket: string, key: string, body: Uint8Array, settings: ObjectSettings): Promise<void> {
    return this.#put(bucket, key, (place) => this.#putInPlace(place, body, settings, true));
  }

  async head(bucket: string, key: string): Promise<ObjectDetails | undefined> {
    return this.details(bucket, key);
  }

  async details(bucket: string, key: string): Promise<ObjectDetails | undefined> {
    this.#buckets.check(bucket);
    if (!isObjectKey(key)) {
      return undefined;
    }
    const place = this.#place(bucket, key);
    return this.#mutex.run(place.body, async () => {
      const stats = await statsOf(place.body);
      return stats?.isFile() ? readEntry(place.body, stats, place.metadata) : undefined;
    });
  }

  read(bucket: string, key: string, range?: ByteRange): AsyncIterable<Uint8Array> {
    this.#buckets.check(bucket);
    return createReadStream(this.#place(bucket, key).body, range);
  }

  async delete(bucket: string, key: string): Promise<void> {
    this.#buckets.check(bucket);
    if (!isObjectKey(key)) {
      return;
    }
    const place = this.#place(bucket, key);
    await this.#mutex.run(place.body, async () => {
      if (!(await statsOf(place.body))?.isFile()) {
        return;
      }
      await rm(place.body);
      await syncFolders([path.dirname(place.body)]);
      await rm(place.metadata, { force: true });
      removeEmptyFolders(path.dirname(place.body), path.join(this.#folder, "objects", bucket));
    });
  }

  async list(
    bucket: string,
    options: { readonly prefix: string; readonly after: string; readonly limit: number },
  ): Promise<readonly ObjectSummary[]> {
    this.#buckets.check(bucket);
    const summaries: ObjectSummary[] = [];
    for await (const { key, path: body } of walkObjects(
      path.join(this.#folder, "objects", bucket),
      options,
    )) {
      if (summaries.length >= options.limit) {
        break;
      }
      const stats = await statsOf(body);
      if (stats?.isFile()) {
        const { metadata } = this.#place(bucket, key);
        const { size, etag, lastModified } = await readEntry(body, stats, metadata);
        summaries.push({ key, size, etag, lastModified });
      }
    }
    return summaries;
  }

  async #put(bucket: string, key: string, put: (place: Place) => Promise<void>): Promise<void> {
    this.#buckets.check(bucket);
    if (!isObjectKey(key)) {
      throw new UnstorableKey("A key has 1 to 1,024 bytes of UTF-8");
    }
    const place = this.#place(bucket, key);
    await this.#buckets.whileInUse(bucket, () => this.#mutex.run(place.body, () => put(place)));
  }

  async #putInPlace(
    place: Place,
    body: Uint8Array,
    settings: ObjectSettings,
    overwrite: boolean,
  ): Promise<void> {
    const before = await this.#entryToReplace(place, overwrite);
    const entry = newEntry(body, settings, this.#clock.now());
    const text = (entries: readonly ObjectEntry[]) => Buffer.from(metadataText(place.key, entries));
    const writeMetadata = async (): Promise<void> => {
      if (before === undefined && isDerivable(entry, place.body)) {
        writeForgettableFile(place.metadata, text([entry]));
      } else {
        await this.#temporary.put(text(before ? [entry, before] : [entry]), place.metadata);
      }
    };
    try {
      await this.#temporary.put(body, place.body, writeMetadata);
    } catch (error) {
      throw conflictOf(error, place.key);
    }
    if (before) {
      await this.#temporary.put(text([entry]), place.metadata);
    }
  }

  /** The entry of the object that a put would replace, if there is one. */
  async #entryToReplace(place: Place, overwrite: boolean): Promise<ObjectEntry | undefined> {
    const stats = await statsOf(place.body);
    if (stats === undefined) {
      return undefined;
    }
    if (!stats.isFile()) {
      throw new UnstorableKey(`There are objects below ${place.key}/`);
    }
    if (!overwrite) {
      throw new ObjectExists(`${place.key} is there already`);
    }
    return readEntry(place.body, stats, place.metadata);
  }

  #place(bucket: string, key: string): Place {
    const names = pathOfKey(key);
    return {
      key,
      body: path.join(this.#folder, "objects", bucket, ...names),
      metadata: path.join(this.#folder, "object-metadata", bucket, metadataName(key)),
    };
  }
}

async function statsOf(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** A folder on the key's way is an object, or the other way round. */
function conflictOf(error: unknown, key: string): unknown {
  return ["EEXIST", "ENOTDIR", "EISDIR", "ENOTEMPTY"].includes(errorCode(error) ?? "")
    ? new UnstorableKey(`A key that ${key} starts with, or that starts with it, is an object`, {
        cause: error,
      })
    : error;
}

/** Removes the folder and those above it while they are empty, but not `top`. Synchronous: see `moveIntoPlace`. */
function removeEmptyFolders(folder: string, top: string): void {
  if (folder === top) {
    return;
  }
  try {
    rmdirSync(folder);
  } catch {
    return;
  }
  removeEmptyFolders(path.dirname(folder), top);
}
