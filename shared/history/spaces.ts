import { GROUPS } from "./attribute-hash.ts";
import type { Lane, Tier } from "./manifest.ts";

/** What of a region's activity is looked up together: LookupEvents knows management and Insights events alone. */
export type HistoryCategory = "management" | "insight" | "data";

/** Which events are looked up together. The structure knows nothing beyond one of them. */
export interface Partition {
  readonly accountId: string;
  readonly region: string;
  readonly category: HistoryCategory;
}

/** The names of a partition's spaces in the store. */
export interface Spaces {
  /** Key 0: the manifest. 1: how many data items were given out. 2: how many segments were. */
  readonly control: string;
  /** Data items by number. */
  readonly data: string;
  readonly dictionaries: string;
  /** Flushes that are not merged yet, by the number of their first data item. */
  readonly flushes: string;
  /** Segments of one row, by number. */
  readonly rows: string;
  /** Time columns: `timeKey`. */
  readonly times: string;
  /** Long lists: `listKey`. */
  readonly lists: string;
  /** Buckets: `bucketKey`. Those of a lane and tier lie together, so that one range read has a bucket of all of them. */
  readonly buckets: (lane: Lane, tier: Tier) => string;
}

export const MANIFEST_KEY = 0;
export const ITEMS_KEY = 1;
export const SEGMENTS_KEY = 2;

/** Names a partition. */
export function partitionName({ accountId, region, category }: Partition): string {
  return `${accountId}/${region}/${category}`;
}

export function spacesOf(partition: Partition): Spaces {
  const name = partitionName(partition);
  return {
    control: `${name}/control`,
    data: `${name}/data`,
    dictionaries: `${name}/dictionaries`,
    flushes: `${name}/flushes`,
    rows: `${name}/rows`,
    times: `${name}/times`,
    lists: `${name}/lists`,
    buckets: (lane, tier) => `${name}/buckets/${lane}/${tier}`,
  };
}

/** Buckets of a segment of tier 2 and of tier 3. */
export const BUCKETS: Readonly<Record<2 | 3, number>> = { 2: GROUPS, 3: 1_024 };

/** The bucket that a hash is in. */
export function bucketOf(hash: number, buckets: number): number {
  return Math.floor((hash / 2 ** 32) * buckets);
}

/** (bucket, segment): neighbours are the same bucket of segments made one after another. */
export function bucketKey(bucket: number, segment: number): number {
  return bucket * 2 ** 32 + segment;
}

/** @param chunk 0: the directory; from 1: the chunks */
export function timeKey(segment: number, chunk: number): number {
  return segment * 2 ** 10 + chunk;
}

/** @param list below 2^11 @param row below 2^3 */
export function listKey(segment: number, list: number, row: number): number {
  return segment * 2 ** 14 + list * 8 + row;
}
