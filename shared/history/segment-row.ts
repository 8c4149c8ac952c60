import { GROUPS } from "./attribute-hash.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import { encodeBucket } from "./postings.ts";
import { decodeTimes, encodeTimes, type TimeColumn } from "./time-column.ts";

/** An index in one row: of a flush, of small flushes together, or of a segment of tier 1. */
export interface SegmentRow {
  /** The data items of its records lie from here … */
  readonly firstItem: number;
  /** … to here. */
  readonly lastItem: number;
  /** When the newest of its records were accepted, in milliseconds since the epoch. */
  readonly acceptedAt: number;
  readonly column: TimeColumn;
  /** A bucket a group of hashes. */
  readonly groups: readonly Uint8Array[];
}

/** What a row is made of: the postings as sorted numbers (hash × 2^18 + rank). */
export type SegmentRowContent = Omit<SegmentRow, "groups"> & { readonly pairs: Float64Array };

export function encodeSegmentRow(content: SegmentRowContent): Buffer {
  const { pairs } = content;
  const groups = new ByteWriter(pairs.length * 4 + 64);
  const scratch = new ByteWriter();
  const lengths: number[] = [];
  let index = 0;
  for (let group = 0; group < GROUPS; group += 1) {
    const start = groups.length;
    index = encodeBucket(pairs, index, ((group + 1) * 2 ** 32) / GROUPS, groups, scratch);
    lengths.push(groups.length - start);
  }
  const row = new ByteWriter(groups.length + content.column.times.length * 4 + 512);
  row.number(content.firstItem);
  row.number(content.lastItem);
  row.number(content.acceptedAt);
  encodeTimes(content.column, row);
  for (const length of lengths) {
    row.number(length);
  }
  row.blob(groups.view());
  return row.bytes();
}

export function decodeSegmentRow(row: Buffer): SegmentRow {
  const reader = new ByteReader(row);
  const firstItem = reader.number();
  const lastItem = reader.number();
  const acceptedAt = reader.number();
  const column = decodeTimes(reader);
  const lengths = Array.from({ length: GROUPS }, () => reader.number());
  return {
    firstItem,
    lastItem,
    acceptedAt,
    column,
    groups: lengths.map((length) => reader.blob(length)),
  };
}
