import type { ObjectSettings } from "./object-store.ts";

/** A bucket. Names are unique over all accounts and regions of a host. */
export interface Bucket {
  readonly name: string;
  /** Who made it. */
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly creationTime: number;
  /** JSON text. Nothing here enforces it. */
  readonly policy?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

/** What a listing says of an object. */
export interface ObjectSummary {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without the quotes. */
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** What HeadObject says of an object. */
export interface ObjectDetails extends Omit<ObjectSummary, "key"> {
  readonly contentType: string;
  readonly contentEncoding?: string;
  /** User metadata: names in lower case without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of an object, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** The bucket still has objects in it. Nothing was deleted. */
export class BucketNotEmpty extends Error {
  override readonly name = "BucketNotEmpty";
}

/** The store cannot hold an object of that key: it is no key, or the folder tree has something else in its place. */
export class UnstorableKey extends Error {
  override readonly name = "UnstorableKey";
}

/**
 * Buckets and objects, as far as the embedded host's S3 API needs them: what `ObjectStore` has for delivery, and
 * what people need besides to look after their buckets. Each method throws `BucketNotFound` where the bucket is
 * not there, unless it says otherwise.
 */
export interface Objects {
  /** False if a bucket of that name is there already. */
  createBucket(bucket: Bucket): Promise<boolean>;
  /** The bucket, or undefined if there is none. */
  bucket(name: string): Promise<Bucket | undefined>;
  /** All buckets, in the order of their names. */
  buckets(): Promise<readonly Bucket[]>;
  /** Keeps the bucket's policy; undefined takes it away. */
  setBucketPolicy(name: string, policy: string | undefined): Promise<void>;
  /** Keeps the bucket's tags in place of those that it had; undefined takes them away. */
  setBucketTags(name: string, tags: Bucket["tags"]): Promise<void>;
  /** @throws BucketNotEmpty */
  deleteBucket(name: string): Promise<void>;
  /** Writes the object if there is none with that key. @throws ObjectExists, UnstorableKey */
  putNew(bucket: string, key: string, body: Uint8Array, settings: ObjectSettings): Promise<void>;
  /** Writes the object, in place of the one with that key if there is one. @throws UnstorableKey */
  put(bucket: string, key: string, body: Uint8Array, settings: ObjectSettings): Promise<void>;
  details(bucket: string, key: string): Promise<ObjectDetails | undefined>;
  /** The object's bytes, all of them or those of the range. */
  read(bucket: string, key: string, range?: ByteRange): AsyncIterable<Uint8Array>;
  /** Deletes the object if it is there. */
  delete(bucket: string, key: string): Promise<void>;
  /** Objects whose keys start with `prefix` and come after `after`, in the keys' UTF-8 order, at most `limit`. */
  list(
    bucket: string,
    options: { readonly prefix: string; readonly after: string; readonly limit: number },
  ): Promise<readonly ObjectSummary[]>;
}
