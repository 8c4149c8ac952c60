import { mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync } from "node:fs";
import path from "node:path";
import { BucketNotFound } from "../../ports/object-store.ts";
import { type Bucket, BucketNotEmpty } from "../../ports/objects.ts";
import { isMissing, syncFolders } from "./durable-file.ts";
import { KeyMutex } from "./key-mutex.ts";
import type { TemporaryFiles } from "./temporary-files.ts";

/** The buckets of a folder tree: a bucket is there exactly if `buckets/<bucket>.json` is. */
export class BucketFolders {
  readonly #folder: string;
  readonly #temporary: TemporaryFiles;
  readonly #buckets: Map<string, Bucket>;
  readonly #uses = new Map<string, number>();
  readonly #mutex = new KeyMutex();

  constructor(folder: string, temporary: TemporaryFiles) {
    this.#folder = folder;
    this.#temporary = temporary;
    for (const name of ["buckets", "objects", "object-metadata"]) {
      mkdirSync(path.join(folder, name), { recursive: true, mode: 0o700 });
    }
    this.#buckets = readBuckets(path.join(folder, "buckets"));
  }

  find(name: string): Bucket | undefined {
    return this.#buckets.get(name);
  }

  /** @throws BucketNotFound */
  check(name: string): void {
    if (!this.#buckets.has(name)) {
      throw new BucketNotFound(`There is no bucket ${name}`);
    }
  }

  all(): readonly Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** False if there is one of that name. @throws TypeError for what cannot be a bucket's name */
  async create(bucket: Bucket): Promise<boolean> {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket.name)) {
      throw new TypeError(`${JSON.stringify(bucket.name)} cannot be a bucket's name`);
    }
    return this.#mutex.run(bucket.name, async () => {
      if (this.#buckets.has(bucket.name)) {
        return false;
      }
      mkdirSync(this.#objects(bucket.name), { recursive: true, mode: 0o700 });
      await syncFolders([path.dirname(this.#objects(bucket.name))]);
      await this.#temporary.put(Buffer.from(JSON.stringify(bucket)), this.#file(bucket.name));
      this.#buckets.set(bucket.name, bucket);
      return true;
    });
  }

  /** Writes the bucket's file anew. @throws BucketNotFound */
  async change(name: string, change: (bucket: Bucket) => Bucket): Promise<void> {
    return this.#mutex.run(name, () =>
      this.whileInUse(name, async () => {
        const bucket = this.#buckets.get(name);
        if (bucket === undefined) {
          throw new BucketNotFound(`There is no bucket ${name}`);
        }
        const changed = change(bucket);
        await this.#temporary.put(Buffer.from(JSON.stringify(changed)), this.#file(name));
        this.#buckets.set(name, changed);
      }),
    );
  }

  /** Keeps the bucket from being deleted while the task runs. */
  async whileInUse(name: string, task: () => Promise<void>): Promise<void> {
    this.#uses.set(name, (this.#uses.get(name) ?? 0) + 1);
    try {
      await task();
    } finally {
      const uses = (this.#uses.get(name) ?? 0) - 1;
      if (uses > 0) {
        this.#uses.set(name, uses);
      } else {
        this.#uses.delete(name);
      }
    }
  }

  /** Looks and deletes without a pause, so that no put can begin in between. @throws BucketNotFound, BucketNotEmpty */
  async delete(name: string): Promise<void> {
    this.check(name);
    if (this.#uses.has(name) || holdsFiles(this.#objects(name))) {
      throw new BucketNotEmpty(`Bucket ${name} has objects in it`);
    }
    unlinkSync(this.#file(name));
    this.#buckets.delete(name);
    rmSync(this.#objects(name), { recursive: true, force: true });
    rmSync(path.join(this.#folder, "object-metadata", name), { recursive: true, force: true });
    await syncFolders([path.dirname(this.#file(name))]);
  }

  #objects(name: string): string {
    return path.join(this.#folder, "objects", name);
  }

  #file(name: string): string {
    return path.join(this.#folder, "buckets", `${name}.json`);
  }
}

function readBuckets(folder: string): Map<string, Bucket> {
  const buckets = readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(path.join(folder, name), "utf8")) as Bucket);
  return new Map(buckets.map((bucket) => [bucket.name, bucket]));
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
