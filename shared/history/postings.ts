import { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/** Hashes and ranks in one number each, which sort as they do: hash × 2^18 + rank. */
export const RANK_SPAN = 2 ** 18;

/**
 * Where a hash occurs. `ranks` are ascending; a list that has rows of its own is named by its number in the segment
 * instead.
 */
export type Posting = { readonly ranks: Uint32Array } | { readonly list: number; readonly count: number };

/** Where lists go that are too long to stand in a bucket. */
export interface LongLists {
  /** Longer ones are too long. */
  readonly longestInline: number;
  /** Takes a list and answers its number in the segment. */
  keep(ranks: Uint32Array): number;
}

/**
 * Writes a bucket: the postings of a range of hashes, in their order.
 * @param pairs hash × 2^18 + rank, sorted; from `from`, as long as the hash is below `hashEnd`
 * @param longLists absent: all lists stand in the bucket
 * @return the index after the last pair that was written
 */
export function encodeBucket(
  pairs: Float64Array,
  from: number,
  hashEnd: number,
  writer: ByteWriter,
  scratch: ByteWriter,
  longLists?: LongLists,
): number {
  let index = from;
  let previous = 0;
  const end = hashEnd * RANK_SPAN;
  while (index < pairs.length && (pairs[index] as number) < end) {
    const hash = Math.floor((pairs[index] as number) / RANK_SPAN);
    const base = hash * RANK_SPAN;
    let next = index + 1;
    while (next < pairs.length && (pairs[next] as number) < base + RANK_SPAN) {
      next += 1;
    }
    const count = next - index;
    writer.number(hash - previous);
    previous = hash;
    if (count === 1) {
      writer.number(2 * ((pairs[index] as number) - base));
    } else if (longLists !== undefined && count > longLists.longestInline) {
      const ranks = Uint32Array.from({ length: count }, (_, at) => (pairs[index + at] as number) - base);
      writer.number(1);
      writer.number(longLists.keep(ranks));
      writer.number(count);
    } else {
      scratch.clear();
      let rank = 0;
      for (let at = index; at < next; at += 1) {
        scratch.number((pairs[at] as number) - base - rank);
        rank = (pairs[at] as number) - base;
      }
      writer.number(2 * scratch.length + 1);
      writer.number(count);
      writer.blob(scratch.view());
    }
    index = next;
  }
  return index;
}

/** The postings of some hashes in a bucket. @param hashes ascending */
export function findPostings(bucket: Uint8Array, hashes: readonly number[]): ReadonlyMap<number, Posting> {
  const found = new Map<number, Posting>();
  const reader = new ByteReader(bucket);
  let wanted = 0;
  let hash = 0;
  while (wanted < hashes.length && !reader.isAtEnd) {
    hash += reader.number();
    while (wanted < hashes.length && (hashes[wanted] as number) < hash) {
      wanted += 1;
    }
    if (hashes[wanted] === hash) {
      found.set(hash, readPosting(reader));
    } else {
      skipPosting(reader);
    }
  }
  return found;
}

/** Calls back for every posting of a bucket, in the order of their hashes. */
export function forEachPosting(bucket: Uint8Array, visit: (hash: number, posting: Posting) => void): void {
  const reader = new ByteReader(bucket);
  let hash = 0;
  while (!reader.isAtEnd) {
    hash += reader.number();
    visit(hash, readPosting(reader));
  }
}

function readPosting(reader: ByteReader): Posting {
  const head = reader.number();
  if (head % 2 === 0) {
    return { ranks: Uint32Array.of(head / 2) };
  }
  if (head === 1) {
    return { list: reader.number(), count: reader.number() };
  }
  const ranks = new Uint32Array(reader.number());
  let rank = 0;
  for (let index = 0; index < ranks.length; index += 1) {
    rank += reader.number();
    ranks[index] = rank;
  }
  return { ranks };
}

function skipPosting(reader: ByteReader): void {
  const head = reader.number();
  if (head === 1) {
    reader.number();
    reader.number();
  } else if (head % 2 === 1) {
    reader.number();
    reader.position += (head - 1) / 2;
  }
}
