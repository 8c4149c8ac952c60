/** An object as it was read. */
export interface StoredObject {
  readonly body: Buffer;
  /**
   * User metadata: names in lower case without `x-amz-meta-`. Undefined where the source keeps none, as a folder
   * does that a bucket was copied to.
   */
  readonly metadata: Readonly<Record<string, string>> | undefined;
}

/** Buckets, or copies of them, as far as validation reads them. */
export interface LogBuckets {
  /** Keys that start with `prefix` and come after `after`, in the keys' order. */
  keys(bucket: string, prefix: string, after: string): AsyncIterable<string>;
  /** Undefined if there is no such object. */
  get(bucket: string, key: string): Promise<StoredObject | undefined>;
}
