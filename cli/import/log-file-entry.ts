import type { SourceFile } from "../../shared/ports/source-files.ts";

/** A log file that is there to be imported. */
export interface LogFileEntry {
  /** What people are told: `s3://bucket/key`, or a path. */
  readonly label: string;
  readonly bucket: string;
  readonly key: string;
  /** Bytes, as stored. */
  readonly size: number;
  /** Without the quotes. */
  etag(): Promise<string>;
  /** @throws SourceFileNotFound, and whatever S3 or the disk says */
  open(): Promise<SourceFile>;
}

/** What of a bucket or folder is wanted: days in UTC, `YYYY-MM-DD`, both included. */
export interface DayRange {
  readonly from?: string;
  readonly to?: string;
}

const DATE_FOLDERS = /\/(\d{4})\/(\d\d)\/(\d\d)\/[^/]*$/;

/** Whether a key's date folders are within the range. A key without them is within the range that has no ends. */
export function isWithin(key: string, { from, to }: DayRange): boolean {
  const [, year, month, day] = DATE_FOLDERS.exec(key) ?? [];
  if (year === undefined) return from === undefined && to === undefined;
  const date = `${year}-${month}-${day}`;
  return (from === undefined || date >= from) && (to === undefined || date <= to);
}
