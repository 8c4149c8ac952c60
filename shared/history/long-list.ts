import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";

/** Ranks that one row of a long list is about. */
export const RANKS_PER_LIST_ROW = 32_768;

const DIFFERENCES = 0;
const BITMAP = 1;
const BITMAP_BYTES = RANKS_PER_LIST_ROW / 8;

/** The rows of a long list, one for every 32,768 ranks of its segment, empty ones too. @param ranks ascending */
export function encodeLongList(ranks: Uint32Array, records: number): readonly Buffer[] {
  const rows: Buffer[] = [];
  let from = 0;
  for (let first = 0; first < records; first += RANKS_PER_LIST_ROW) {
    let end = from;
    while (end < ranks.length && (ranks[end] as number) < first + RANKS_PER_LIST_ROW) {
      end += 1;
    }
    rows.push(encodeRow(ranks.subarray(from, end), first));
    from = end;
  }
  return rows;
}

/** The ranks of a row. @param first the first rank that the row is about */
export function decodeLongListRow(row: Uint8Array, first: number): Uint32Array {
  return row[0] === BITMAP ? fromBitmap(row.subarray(1), first) : fromDifferences(row, first);
}

function encodeRow(ranks: Uint32Array, first: number): Buffer {
  if (ranks.length > BITMAP_BYTES) {
    const row = Buffer.alloc(1 + BITMAP_BYTES);
    row[0] = BITMAP;
    for (const rank of ranks) {
      const bit = rank - first;
      row[1 + (bit >>> 3)] = (row[1 + (bit >>> 3)] as number) | (1 << (bit & 7));
    }
    return row;
  }
  const writer = new ByteWriter(ranks.length * 2 + 16);
  writer.number(DIFFERENCES);
  writer.number(ranks.length);
  let previous = first;
  for (const rank of ranks) {
    writer.number(rank - previous);
    previous = rank;
  }
  return writer.bytes();
}

function fromDifferences(row: Uint8Array, first: number): Uint32Array {
  const reader = new ByteReader(row, 1);
  const ranks = new Uint32Array(reader.number());
  let rank = first;
  for (let index = 0; index < ranks.length; index += 1) {
    rank += reader.number();
    ranks[index] = rank;
  }
  return ranks;
}

function fromBitmap(bits: Uint8Array, first: number): Uint32Array {
  const ranks = new Uint32Array(RANKS_PER_LIST_ROW);
  let count = 0;
  for (let index = 0; index < bits.length; index += 1) {
    for (let byte = bits[index] as number; byte !== 0; byte &= byte - 1) {
      ranks[count++] = first + index * 8 + (31 - Math.clz32(byte & -byte));
    }
  }
  return ranks.subarray(0, count);
}
