import type { Rejection } from "../ingest/ingest.ts";

/** What `POST /_opentrail/records` takes at most, decompressed, in bytes. */
export const BULK_BODY_LIMIT = 16 * 1024 * 1024;

/** The answer to `POST /_opentrail/records`. */
export interface BulkReport {
  readonly accepted: number;
  readonly rejected: readonly Rejection[];
}
