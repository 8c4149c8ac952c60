import type { Rejection } from "../ingest/ingest.ts";

/** What `POST /_opentrail/records` takes at most, decompressed, in bytes. */
export const BULK_BODY_LIMIT = 16 * 1024 * 1024;

/** The answer to `POST /_opentrail/records`. */
export interface BulkReport {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}

/** The answer to `GET /_opentrail/imports`: how far the import of a log file has come. */
export interface ImportReport {
  /** Records of the file that were dealt with: the position of the next one. */
  readonly records: number;
  /** How many of them were refused. */
  readonly refused: number;
  readonly isComplete: boolean;
}

/** The answer to `POST /_opentrail/imports`: accepted + rejected + left out + imported before = the body's records. */
export interface ImportPartReport extends BulkReport {
  /** Calls that OpenTrail itself caused. */
  readonly leftOut: number;
  readonly importedBefore: number;
  /** Whose trails and history the records went to. */
  readonly accountId: string;
}
