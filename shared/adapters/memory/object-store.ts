import {
  BucketAccessDenied,
  BucketNotFound,
  ObjectExists,
  type ObjectHead,
  type ObjectSettings,
  type ObjectStore,
} from "../../ports/object-store.ts";

/** An object as it was put. */
export interface MemoryObject {
  readonly body: Buffer;
  readonly settings: ObjectSettings;
}

/** Buckets that live as long as the process. Every method takes effect at once, when it is called. */
export class MemoryObjectStore implements ObjectStore {
  readonly #buckets = new Map<string, Map<string, MemoryObject>>();
  readonly #denied = new Set<string>();

  createBucket(bucket: string): void {
    this.#buckets.set(bucket, new Map());
  }

  deleteBucket(bucket: string): void {
    this.#buckets.delete(bucket);
  }

  /** From now on the bucket refuses every call, or none. */
  denyAccess(bucket: string, denied: boolean): void {
    if (denied) {
      this.#denied.add(bucket);
    } else {
      this.#denied.delete(bucket);
    }
  }

  /** What a bucket holds, by key. @throws BucketNotFound, BucketAccessDenied */
  objects(bucket: string): ReadonlyMap<string, MemoryObject> {
    return this.#open(bucket);
  }

  async putNew(bucket: string, key: string, body: Uint8Array, settings: ObjectSettings): Promise<void> {
    const objects = this.#open(bucket);
    if (objects.has(key)) {
      throw new ObjectExists(`${bucket}/${key} is there already`);
    }
    objects.set(key, { body: Buffer.from(body), settings });
  }

  async head(bucket: string, key: string): Promise<ObjectHead | undefined> {
    const object = this.#open(bucket).get(key);
    return object && { size: object.body.length, metadata: object.settings.metadata ?? {} };
  }

  async bucketExists(bucket: string): Promise<boolean> {
    return this.#buckets.has(bucket);
  }

  #open(bucket: string): Map<string, MemoryObject> {
    const objects = this.#buckets.get(bucket);
    if (objects === undefined) {
      throw new BucketNotFound(`There is no bucket ${bucket}`);
    }
    if (this.#denied.has(bucket)) {
      throw new BucketAccessDenied(`Bucket ${bucket} denies access`);
    }
    return objects;
  }
}
