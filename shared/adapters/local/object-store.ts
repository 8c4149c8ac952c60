import { randomUUID } from "node:crypto";
import {
  createReadStream,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  type Stats,
  unlinkSync,
} from "node:fs";
import { lstat, rm } from "node:fs/promises";
import path from "node:path";
import type { Clock } from "../../ports/clock.ts";
import {
  BucketNotFound,
  ObjectExists,
  type ObjectSettings,
  type ObjectStore,
} from "../../ports/object-store.ts";
import {
  type Bucket,
  BucketNotEmpty,
  type ByteRange,
  type ObjectDetails,
  type ObjectSummary,
  type Objects,
  UnstorableKey,
} from "../../ports/objects.ts";
import { errorCode, isMissing, moveIntoPlace, syncFolders, writeDurableFile } from "./durable-file.ts";
import { KeyMutex } from "./key-mutex.ts";
import { metadataText, newEntry, type ObjectEntry, readEntry } from "./object-entry.ts";
import { isObjectKey, pathOfKey } from "./object-path.ts";
import { walkObjects } from "./object-walk.ts";

/** Where an object's parts lie. */
interface Place {
  readonly key: string;
  readonly body: string;
  /** `%.` stands in no encoded name, so that no folder has the name of a metadata file. */
  readonly metadata: string;
}

/**
 * Buckets as a folder tree below the data folder, which must be locked to this process:
 *
 * - `objects/<bucket>/<key>`: the bytes. An object is there exactly if this file is.
 * - `object-metadata/<bucket>/<key>%.json`: what else is known of it, written before the bytes take their place.
 * - `buckets/<bucket>.json`: the bucket's owner, region and age; the bucket is there exactly if this file is.
 * - `temporary/`: files on their way, removed at the start.
 *
 * Since a name is either a file or a folder, a key and another one that starts with it and a slash cannot both be
 * there: the put of the second is refused (UnstorableKey). KMS keys are noted; nothing is encrypted.
 */
export class LocalObjectStore implements ObjectStore, Objects {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #buckets: Map<string, Bucket>;
  readonly #puts = new Map<string, number>();
  readonly #mutex = new KeyMutex();

  /** @param folder the data folder's path */
  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
    rmSync(path.join(folder, "temporary"), { recursive: true, force: true });
    for (const name of ["buckets", "objects", "object-metadata", "temporary"]) {
      mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 });
    }
    this.#buckets = readBuckets(path.join(folder, "buckets"));
  }

  async createBucket(bucket: Bucket): Promise<boolean> {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket.name)) {
      throw new TypeError(`${JSON.stringify(bucket.name)} cannot be a bucket's name`);
    }
    return this.#mutex.run(bucket.name, async () => {
      if (this.#buckets.has(bucket.name)) {
        return false;
      }
      mkdirSync(path.join(this.#folder, "objects", bucket.name), { recursive: true, mode: 0o700 });
      await syncFolders([path.join(this.#folder, "objects")]);
      await this.#write(this.#bucketFile(bucket.name), JSON.stringify(bucket));
      this.#buckets.set(bucket.name, bucket);
      return true;
    });
  }

  async bucket(name: string): Promise<Bucket | undefined> {
    return this.#buckets.get(name);
  }

  async buckets(): Promise<readonly Bucket[]> {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async bucketExists(bucket: string): Promise<boolean> {
    return this.#buckets.has(bucket);
  }

  /** Synchronous in effect: no put can begin in a bucket that is on its way out. */
  async deleteBucket(name: string): Promise<void> {
    this.#check(name);
    const objects = path.join(this.#folder, "objects", name);
    if (this.#puts.has(name) || holdsFiles(objects)) {
      throw new BucketNotEmpty(`Bucket ${name} has objects in it`);
    }
    unlinkSync(this.#bucketFile(name));
    this.#buckets.delete(name);
    rmSync(objects, { recursive: true, force: true });
    rmSync(path.join(this.#folder, "object-metadata", name), { recursive: true, force: true });
    await syncFolders([path.join(this.#folder, "buckets")]);
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
    this.#check(bucket);
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
    this.#check(bucket);
    return createReadStream(this.#place(bucket, key).body, range);
  }

  async delete(bucket: string, key: string): Promise<void> {
    this.#check(bucket);
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
      removeEmptyFolders(path.dirname(place.metadata), path.join(this.#folder, "object-metadata", bucket));
    });
  }

  async list(
    bucket: string,
    options: { readonly prefix: string; readonly after: string; readonly limit: number },
  ): Promise<readonly ObjectSummary[]> {
    this.#check(bucket);
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
    this.#check(bucket);
    if (!isObjectKey(key)) {
      throw new UnstorableKey("A key has 1 to 1,024 bytes of UTF-8");
    }
    const place = this.#place(bucket, key);
    this.#puts.set(bucket, (this.#puts.get(bucket) ?? 0) + 1);
    try {
      await this.#mutex.run(place.body, () => put(place));
    } finally {
      const puts = (this.#puts.get(bucket) ?? 0) - 1;
      if (puts > 0) {
        this.#puts.set(bucket, puts);
      } else {
        this.#puts.delete(bucket);
      }
    }
  }

  async #putInPlace(
    place: Place,
    body: Uint8Array,
    settings: ObjectSettings,
    overwrite: boolean,
  ): Promise<void> {
    const before = await this.#entryToReplace(place, overwrite);
    const entry = newEntry(body, settings, this.#clock.now());
    const temporary = this.#temporary();
    try {
      await writeDurableFile(temporary, body);
      await this.#write(place.metadata, metadataText(place.key, before ? [entry, before] : [entry]));
      const changed = moveIntoPlace(temporary, place.body);
      await syncFolders(changed);
    } catch (error) {
      await rm(temporary, { force: true });
      throw conflictOf(error, place.key);
    }
    if (before) {
      await this.#write(place.metadata, metadataText(place.key, [entry]));
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

  /** Writes a file as a whole, over the one that is there. */
  async #write(file: string, text: string): Promise<void> {
    const temporary = this.#temporary();
    await writeDurableFile(temporary, Buffer.from(text));
    try {
      await syncFolders(moveIntoPlace(temporary, file));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }

  #temporary(): string {
    return path.join(this.#folder, "temporary", randomUUID());
  }

  #bucketFile(bucket: string): string {
    return path.join(this.#folder, "buckets", `${bucket}.json`);
  }

  #place(bucket: string, key: string): Place {
    const names = pathOfKey(key);
    return {
      key,
      body: path.join(this.#folder, "objects", bucket, ...names),
      metadata: `${path.join(this.#folder, "object-metadata", bucket, ...names)}%.json`,
    };
  }

  #check(bucket: string): void {
    if (!this.#buckets.has(bucket)) {
      throw new BucketNotFound(`There is no bucket ${bucket}`);
    }
  }
}

function readBuckets(folder: string): Map<string, Bucket> {
  const buckets = readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Bucket,
  );
  return new Map(buckets.map((bucket) => [bucket.name, bucket]));
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

function holdsFiles(folder: string): boolean {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).some(
      (entry) => !entry.isDirectory(),
    );
  } catch (error) {
    if (isMissing(error)) {
      return false;
    }
    throw error;
  }
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
