import type { IndexSizes } from "./index-sizes.ts";

/** Late records have segments of their own: among the others they would widen each, and windows long ago cost as much as today. */
export type Lane = "on-time" | "late";

/** By size: 1 is one row, 2 has 32 buckets, 3 has 1,024 and is never merged again. */
export type Tier = 1 | 2 | 3;

/** A merged part of the index. Nothing in it ever changes. */
export interface SegmentInfo {
  readonly id: number;
  readonly lane: Lane;
  readonly tier: Tier;
  readonly records: number;
  /** eventTimes, in milliseconds since the epoch. */
  readonly oldest: number;
  readonly newest: number;
  /** The lowest position of its records. */
  readonly firstPosition: number;
}

/** Data items that were written one after another, and the newest eventTime in them. */
export interface DataRange {
  readonly first: number;
  readonly last: number;
  readonly newest: number;
}

/** Flushes that were merged into segments. */
export interface MergedFlushes {
  readonly flushes: readonly number[];
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A segment that others have replaced, or that is too old. */
export interface RetiredSegment {
  readonly segment: SegmentInfo;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/**
 * What a partition consists of, beside the flushes that are not merged yet. Its row is replaced as a whole, under
 * the condition that it is what the writer read: of two who merge the same segments one finds it done.
 */
export interface Manifest {
  /** Oldest first within a lane. */
  readonly segments: readonly SegmentInfo[];
  /** Flushes that segments hold, and whose rows may still be there or may just have been read. */
  readonly merged: readonly MergedFlushes[];
  readonly data: readonly DataRange[];
  /** Lookups that began before may still read their rows. */
  readonly retired: readonly RetiredSegment[];
  /** The segments up to this number are in `segments`, are retired, or are gone. */
  readonly lastSegment: number;
}

const EMPTY_MANIFEST: Manifest = {
  segments: [],
  merged: [],
  data: [],
  retired: [],
  lastSegment: 0,
};

export function encodeManifest(manifest: Manifest): Buffer {
  return Buffer.from(JSON.stringify(manifest));
}

export function decodeManifest(row: Buffer | undefined): Manifest {
  return row === undefined ? EMPTY_MANIFEST : (JSON.parse(row.toString("utf8")) as Manifest);
}

/** The tier of a segment with so many records. */
export function tierOf(records: number, { largest }: IndexSizes): Tier {
  const [tier1, tier2] = largest;
  if (records <= tier1) {
    return 1;
  }
  return records <= tier2 ? 2 : 3;
}

/** Segments that should be merged into one now: the oldest of a lane and tier. Empty if there is nothing to do. */
export function segmentsToMerge(segments: readonly SegmentInfo[], sizes: IndexSizes): readonly SegmentInfo[] {
  for (const tier of [1, 2] as const) {
    for (const lane of ["on-time", "late"] as const) {
      const ones = segments.filter((segment) => segment.lane === lane && segment.tier === tier);
      const chosen = enough(ones, sizes.mergedRecords[tier - 1] as number, sizes.segments);
      if (chosen.length > 1) {
        return chosen;
      }
    }
  }
  return [];
}

/** The first ones that have so many records together; all, if they are too many; none otherwise. */
export function enough<T extends { readonly records: number }>(
  ones: readonly T[],
  records: number,
  most: number,
): readonly T[] {
  let sum = 0;
  for (const [index, one] of ones.entries()) {
    sum += one.records;
    if (sum >= records) {
      return ones.slice(0, index + 1);
    }
  }
  return ones.length >= most ? ones : [];
}

/** Ranges of data grow to so many items before the next begins: retention drops whole ranges. */
const ITEMS_PER_RANGE = 2_048;

/** Adds data to the ranges. */
export function addDataRange(ranges: readonly DataRange[], added: DataRange): readonly DataRange[] {
  const last = ranges.at(-1);
  if (last === undefined || last.last - last.first >= ITEMS_PER_RANGE || added.first <= last.last) {
    return [...ranges, added];
  }
  return [
    ...ranges.slice(0, -1),
    { first: last.first, last: added.last, newest: Math.max(last.newest, added.newest) },
  ];
}
