import { createHash } from "node:crypto";
import { BucketNotFound, ObjectExists, type ObjectSettings } from "../../shared/ports/object-store.ts";
import {
  type Bucket,
  BucketNotEmpty,
  type ByteRange,
  type ObjectDetails,
  type ObjectSummary,
  type Objects,
} from "../../shared/ports/objects.ts";

type Stored = ObjectDetails & { readonly body: Buffer };

/** Buckets and objects in memory, the obvious way. */
export class MemoryObjects implements Objects {
  readonly #buckets = new Map<string, { readonly bucket: Bucket; readonly objects: Map<string, Stored> }>();

  async createBucket(bucket: Bucket): Promise<boolean> {
    if (this.#buckets.has(bucket.name)) return false;
    this.#buckets.set(bucket.name, { bucket, objects: new Map() });
    return true;
  }

  async bucket(name: string): Promise<Bucket | undefined> {
    return this.#buckets.get(name)?.bucket;
  }

  async buckets(): Promise<readonly Bucket[]> {
    return [...this.#buckets.keys()].sort().flatMap((name) => this.#buckets.get(name)?.bucket ?? []);
  }

  async setBucketPolicy(name: string, policy: string | undefined): Promise<void> {
    const found = this.#buckets.get(name);
    if (found === undefined) throw new BucketNotFound();
    const { policy: _, ...bucket } = found.bucket;
    this.#buckets.set(name, { ...found, bucket: { ...bucket, ...(policy !== undefined && { policy }) } });
  }

  async setBucketTags(name: string, tags: Bucket["tags"]): Promise<void> {
    const found = this.#buckets.get(name);
    if (found === undefined) throw new BucketNotFound();
    const { tags: _, ...bucket } = found.bucket;
    this.#buckets.set(name, { ...found, bucket: { ...bucket, ...(tags !== undefined && { tags }) } });
  }

  async deleteBucket(name: string): Promise<void> {
    if (this.#objects(name).size > 0) throw new BucketNotEmpty();
    this.#buckets.delete(name);
  }

  async put(bucket: string, key: string, body: Uint8Array, settings: ObjectSettings): Promise<void> {
    this.#objects(bucket).set(key, {
      size: body.length,
      etag: createHash("md5").update(body).digest("hex"),
      lastModified: Date.now(),
      contentType: settings.contentType,
      ...(settings.contentEncoding === undefined ? {} : { contentEncoding: settings.contentEncoding }),
      metadata: settings.metadata ?? {},
      body: Buffer.from(body),
    });
  }

  async putNew(bucket: string, key: string, body: Uint8Array, settings: ObjectSettings): Promise<void> {
    if (this.#objects(bucket).has(key)) throw new ObjectExists();
    await this.put(bucket, key, body, settings);
  }

  async details(bucket: string, key: string): Promise<ObjectDetails | undefined> {
    return this.#objects(bucket).get(key);
  }

  async *read(bucket: string, key: string, range?: ByteRange): AsyncIterable<Uint8Array> {
    const body = this.#objects(bucket).get(key)?.body ?? Buffer.alloc(0);
    yield range === undefined ? body : body.subarray(range.start, range.end + 1);
  }

  async delete(bucket: string, key: string): Promise<void> {
    this.#objects(bucket).delete(key);
  }

  async list(
    bucket: string,
    { prefix, after, limit }: { readonly prefix: string; readonly after: string; readonly limit: number },
  ): Promise<readonly ObjectSummary[]> {
    const inOrder = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
    return [...this.#objects(bucket)]
      .filter(([key]) => key.startsWith(prefix) && inOrder(key, after) > 0)
      .sort(([a], [b]) => inOrder(a, b))
      .slice(0, limit)
      .map(([key, { size, etag, lastModified }]) => ({ key, size, etag, lastModified }));
  }

  #objects(bucket: string): Map<string, Stored> {
    const found = this.#buckets.get(bucket);
    if (found === undefined) throw new BucketNotFound();
    return found.objects;
  }
}
