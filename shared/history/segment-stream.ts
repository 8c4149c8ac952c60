import { RANKS_PER_LIST_ROW } from "./long-list.ts";
import type { Posting } from "./postings.ts";
import type { Cursor } from "./query.ts";
import { intersectionOf, lowerBound, ranksWithin, unionOf } from "./rank-sets.ts";
import type { SegmentIndex } from "./segment-index.ts";
import { RANKS_PER_CHUNK, type TimeDirectory } from "./time-column.ts";

/** What is looked for in a segment. */
export interface SegmentSearch {
  /** For each condition the hashes of the values that will do. */
  readonly conditions: readonly (readonly number[])[];
  /** Milliseconds since the epoch, both included. */
  readonly startTime: number;
  readonly endTime: number;
  readonly oldestFirst: boolean;
  /** What was answered already, up to and including this place. */
  readonly after?: Cursor;
}

/** Places of a segment, in the order of the search. */
export interface PlaceBatch {
  readonly times: Float64Array;
  readonly positions: Float64Array;
}

/**
 * The places in a segment where a search may find what it looks for, in its order, in batches. Values that share a
 * hash are not told apart.
 * @param partition the index of the segment's partition among those that are searched
 */
export async function* placesIn(
  index: SegmentIndex,
  partition: number,
  search: SegmentSearch,
): AsyncGenerator<PlaceBatch, void> {
  const postings = await postingsOf(index, search.conditions);
  if (postings === undefined) {
    return;
  }
  const directory = await index.directory();
  const [low, high] = await rankBounds(index, directory, partition, search);
  for (const row of windowsOf(low, high, RANKS_PER_LIST_ROW, search.oldestFirst)) {
    const matching = await matchingRanks(index, postings, row);
    for (const chunk of windowsOf(row.low, row.high, RANKS_PER_CHUNK, search.oldestFirst)) {
      const ranks = matching && ranksWithin(matching, chunk.low, chunk.high);
      if (ranks === undefined || ranks.length > 0) {
        yield await resolve(index, chunk, ranks, search.oldestFirst);
      }
    }
  }
}

interface RankWindow {
  /** The window's number. */
  readonly number: number;
  readonly low: number;
  /** Not included. */
  readonly high: number;
}

/** Cuts ranks at multiples of `size`. */
function* windowsOf(low: number, high: number, size: number, ascending: boolean): Generator<RankWindow> {
  const first = Math.floor(low / size);
  const last = Math.ceil(high / size) - 1;
  for (let step = 0; step <= last - first; step += 1) {
    const number = ascending ? first + step : last - step;
    yield { number, low: Math.max(low, number * size), high: Math.min(high, (number + 1) * size) };
  }
}

/** The postings of each condition; undefined if one has none, so that nothing can be found. */
async function postingsOf(
  index: SegmentIndex,
  conditions: SegmentSearch["conditions"],
): Promise<readonly (readonly Posting[])[] | undefined> {
  const all: Posting[][] = [];
  for (const hashes of conditions) {
    const found: Posting[] = [];
    for (const hash of hashes) {
      const posting = await index.postings(hash);
      if (posting !== undefined) {
        found.push(posting);
      }
    }
    if (found.length === 0) {
      return undefined;
    }
    all.push(found);
  }
  return all;
}

/** The ranks in a window that every condition holds for; undefined: all. */
async function matchingRanks(
  index: SegmentIndex,
  postings: readonly (readonly Posting[])[],
  { number, low, high }: RankWindow,
): Promise<Uint32Array | undefined> {
  let matching: Uint32Array | undefined;
  for (const any of postings) {
    const sets: Uint32Array[] = [];
    for (const posting of any) {
      const ranks = "ranks" in posting ? posting.ranks : await index.longList(posting.list, number);
      sets.push(ranksWithin(ranks, low, high));
    }
    const ranks = unionOf(sets);
    matching = matching === undefined ? ranks : intersectionOf(matching, ranks);
  }
  return matching;
}

async function resolve(
  index: SegmentIndex,
  { number, low, high }: RankWindow,
  ranks: Uint32Array | undefined,
  ascending: boolean,
): Promise<PlaceBatch> {
  const column = await index.timeChunk(number);
  const first = number * RANKS_PER_CHUNK;
  const count = ranks?.length ?? high - low;
  const times = new Float64Array(count);
  const positions = new Float64Array(count);
  for (let at = 0; at < count; at += 1) {
    const rank = ranks === undefined ? low + at : (ranks[at] as number);
    const to = ascending ? at : count - 1 - at;
    times[to] = column.times[rank - first] as number;
    positions[to] = column.positions[rank - first] as number;
  }
  return { times, positions };
}

async function rankBounds(
  index: SegmentIndex,
  directory: TimeDirectory,
  partition: number,
  { startTime, endTime, oldestFirst, after }: SegmentSearch,
): Promise<readonly [number, number]> {
  let low = await rankOf(index, directory, startTime, Number.NEGATIVE_INFINITY);
  let high = await rankOf(index, directory, endTime, Number.POSITIVE_INFINITY);
  if (after !== undefined) {
    const position = positionAfter(after, partition);
    if (oldestFirst) {
      low = Math.max(low, await rankOf(index, directory, after.time, position + 1));
    } else {
      high = Math.min(high, await rankOf(index, directory, after.time, position));
    }
  }
  return [low, Math.max(low, high)];
}

/** Of the same time, partitions with a lower number than the cursor's come before it in ascending order, others after. */
function positionAfter(after: Cursor, partition: number): number {
  if (partition === after.partition) {
    return after.position;
  }
  return partition < after.partition ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

/** How many records of the segment come before (time, position). */
async function rankOf(
  index: SegmentIndex,
  { records, firstTimes }: TimeDirectory,
  time: number,
  position: number,
): Promise<number> {
  if (time === Number.NEGATIVE_INFINITY) {
    return 0;
  }
  if (time === Number.POSITIVE_INFINITY) {
    return records;
  }
  let chunk = Math.max(
    0,
    firstTimes.findLastIndex((first) => first < time),
  );
  for (;;) {
    const column = await index.timeChunk(chunk);
    let at = lowerBound(column.times, time);
    while (
      at < column.times.length &&
      column.times[at] === time &&
      (column.positions[at] as number) < position
    ) {
      at += 1;
    }
    const next = firstTimes[chunk + 1];
    if (at < column.times.length || next === undefined || next > time) {
      return chunk * RANKS_PER_CHUNK + at;
    }
    chunk += 1;
  }
}
