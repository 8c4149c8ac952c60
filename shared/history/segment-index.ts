import type { OrderedStore } from "../ports/ordered-store.ts";
import { GROUPS } from "./attribute-hash.ts";
import type { BucketRows } from "./bucket-rows.ts";
import { ByteReader } from "./byte-reader.ts";
import { decodeLongListRow, RANKS_PER_LIST_ROW } from "./long-list.ts";
import type { SegmentInfo } from "./manifest.ts";
import { findPostings, type Posting } from "./postings.ts";
import { SegmentGone } from "./segment-gone.ts";
import type { SegmentRow } from "./segment-row.ts";
import { BUCKETS, bucketOf, listKey, type Spaces, timeKey } from "./spaces.ts";
import {
  decodeTimeDirectory,
  decodeTimes,
  RANKS_PER_CHUNK,
  type TimeColumn,
  type TimeDirectory,
  timeChunks,
  timeDirectory,
} from "./time-column.ts";

/** The index of a segment, wherever its rows are. */
export interface SegmentIndex {
  directory(): Promise<TimeDirectory>;
  timeChunk(chunk: number): Promise<TimeColumn>;
  postings(hash: number): Promise<Posting | undefined>;
  /** The ranks in one row of a long list. */
  longList(list: number, row: number): Promise<Uint32Array>;
}

/** The index in a row that was read already. */
export function indexOfRow({ column, groups }: SegmentRow): SegmentIndex {
  const chunks = timeChunks(column);
  return {
    directory: async () => timeDirectory(chunks),
    timeChunk: async (chunk) => chunks[chunk] as TimeColumn,
    postings: async (hash) => findPostings(groups[bucketOf(hash, GROUPS)] as Uint8Array, [hash]).get(hash),
    longList: async () => {
      throw new Error("A row has no lists beside its buckets");
    },
  };
}

/** The index of a segment of tier 2 or 3, read from the store as it is needed. */
export function indexOfSegment(
  store: OrderedStore,
  spaces: Spaces,
  { id, tier }: SegmentInfo,
  buckets: BucketRows,
): SegmentIndex {
  let lastChunk: { readonly chunk: number; readonly column: TimeColumn } | undefined;
  const read = async (space: string, key: number): Promise<Buffer> => {
    const row = await store.get(space, key);
    if (row === undefined) {
      throw new SegmentGone(`Segment ${id} has no row ${key} in ${space}`);
    }
    return row;
  };
  return {
    directory: async () => decodeTimeDirectory(await read(spaces.times, timeKey(id, 0))),
    async timeChunk(chunk) {
      if (lastChunk?.chunk !== chunk) {
        const row = await read(spaces.times, timeKey(id, 1 + chunk));
        lastChunk = { chunk, column: decodeTimes(new ByteReader(row)) };
      }
      return lastChunk.column;
    },
    async postings(hash) {
      const row = await buckets.read(bucketOf(hash, BUCKETS[tier as 2 | 3]), id);
      return findPostings(row, [hash]).get(hash);
    },
    longList: async (list, row) =>
      decodeLongListRow(await read(spaces.lists, listKey(id, list, row)), row * RANKS_PER_LIST_ROW),
  };
}

/** The whole time column of a segment. */
export async function wholeColumn(index: SegmentIndex): Promise<TimeColumn> {
  const { records } = await index.directory();
  const times = new Float64Array(records);
  const positions = new Float64Array(records);
  for (let first = 0; first < records; first += RANKS_PER_CHUNK) {
    const chunk = await index.timeChunk(first / RANKS_PER_CHUNK);
    times.set(chunk.times, first);
    positions.set(chunk.positions, first);
  }
  return { times, positions };
}
