/** An object with that key is there already, and the put asked that there be none. HTTP 412. */
export class ObjectExists extends Error {
  override readonly name = "ObjectExists";
}

/** The bucket does not exist. Nothing was written. */
export class BucketNotFound extends Error {
  override readonly name = "BucketNotFound";
}

/** The bucket is there, but writing to it is not allowed. Nothing was written. */
export class BucketAccessDenied extends Error {
  override readonly name = "BucketAccessDenied";
}

/** What is put beside the bytes. */
export interface ObjectSettings {
  readonly contentType: string;
  readonly contentEncoding?: string;
  /** User metadata: names in lower case without `x-amz-meta-`. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** ARN of a KMS key: the object is encrypted with SSE-KMS. */
  readonly kmsKeyId?: string;
  /** For SSE-KMS. */
  readonly encryptionContext?: Readonly<Record<string, string>>;
}

/** What is known of an object without reading it. */
export interface ObjectHead {
  readonly size: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Buckets of objects, as far as delivery needs them. */
export interface ObjectStore {
  /**
   * Writes an object with the ACL `bucket-owner-full-control` if there is none with that key (`If-None-Match: *`).
   * Durable when it resolves. After an error other than the three named ones the object may be there or not.
   * @throws ObjectExists, BucketNotFound, BucketAccessDenied
   */
  putNew(bucket: string, key: string, body: Uint8Array, settings: ObjectSettings): Promise<void>;
  /** The object's head, or undefined if there is no such object. @throws BucketNotFound, BucketAccessDenied */
  head(bucket: string, key: string): Promise<ObjectHead | undefined>;
  bucketExists(bucket: string): Promise<boolean>;
}
