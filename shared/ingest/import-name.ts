/** A log file as it stood in a bucket at one time. Written anew under its key, it is another one. */
export interface LogFileIdentity {
  readonly bucket: string;
  readonly key: string;
  /** Without the quotes. */
  readonly etag: string;
}

/** What a file is called in the import store. No key has a `#` before an ETag's hexadecimal digits at its end. */
export function importName({ bucket, key, etag }: LogFileIdentity): string {
  return `${bucket}/${key}#${etag}`;
}
