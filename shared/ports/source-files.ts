/** There is no such object, or no such bucket. */
export class SourceFileNotFound extends Error {
  override readonly name = "SourceFileNotFound";
}

/** A file that was opened. One of `bytes` and `discard` is to be called, once. */
export interface SourceFile {
  /** Without the quotes. */
  readonly etag: string;
  /** Bytes. */
  readonly size: number;
  /** Whether it is an object that OpenTrail itself wrote. */
  readonly isOwn: boolean;
  /** Its bytes as they are stored, as they come. Throws where the connection breaks. */
  bytes(): AsyncIterable<Uint8Array>;
  /** Gives up a file that is not to be read. */
  discard(): void;
}

/** Buckets that log files are taken from. */
export interface SourceFiles {
  /** @throws SourceFileNotFound */
  open(bucket: string, key: string): Promise<SourceFile>;
}
