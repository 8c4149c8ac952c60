import type { NewRow, OrderedStore } from "../ports/ordered-store.ts";
import { expiry } from "./append.ts";
import { GROUPS } from "./attribute-hash.ts";
import { BucketRows } from "./bucket-rows.ts";
import { ByteWriter } from "./byte-writer.ts";
import { RECORDS_PER_ITEM } from "./data-item.ts";
import type { IndexSizes } from "./index-sizes.ts";
import { decodeLongListRow, encodeLongList, RANKS_PER_LIST_ROW } from "./long-list.ts";
import {
  addDataRange,
  enough,
  type Lane,
  type Manifest,
  type SegmentInfo,
  segmentsToMerge,
  tierOf,
} from "./manifest.ts";
import { type ColumnInput, mergeColumns } from "./merge-columns.ts";
import type { Flush, PartitionState } from "./partition-state.ts";
import { encodeBucket, forEachPosting, RANK_SPAN } from "./postings.ts";
import { indexOfSegment, type SegmentIndex, wholeColumn } from "./segment-index.ts";
import { encodeSegmentRow, type SegmentRow } from "./segment-row.ts";
import { Slices } from "./slices.ts";
import { BUCKETS, bucketKey, listKey, type Spaces, timeKey } from "./spaces.ts";
import {
  encodeTimeChunk,
  encodeTimeDirectory,
  type TimeColumn,
  timeChunks,
  timeDirectory,
} from "./time-column.ts";

/** A record that is older than this when it is accepted is a late one. */
export const LATE_AFTER_MS = 2 * 3_600_000;

/** Segments are not merged beyond what a rank and a list row can number. */
const MOST_RECORDS = RANK_SPAN;

/** What merging goes by. */
export interface MergeSettings {
  readonly sizes: IndexSizes;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** In ms; infinite for ever. */
  readonly retention: number;
}

/** Merges what is due in a partition: flushes into segments, segments into larger ones. @return whether anything was */
export async function mergeDue(
  store: OrderedStore,
  state: PartitionState,
  settings: MergeSettings,
): Promise<boolean> {
  const { sizes } = settings;
  const { manifest, flushes } = await state.snapshot();
  const due = enough(
    flushes.map((flush) => ({ flush, records: flush.column.times.length })),
    sizes.flushedRecords,
    sizes.flushes,
  ).map(({ flush }) => flush);
  if (due.length > 0) {
    return mergeFlushes(store, state, manifest, due, settings);
  }
  const segments = segmentsToMerge(manifest.segments, sizes);
  return segments.length > 0 && mergeSegments(store, state, manifest, segments, settings);
}

async function mergeFlushes(
  store: OrderedStore,
  state: PartitionState,
  manifest: Manifest,
  flushes: readonly Flush[],
  settings: MergeSettings,
): Promise<boolean> {
  const inputs = flushes.map((flush) => rowInput(flush, flush.acceptedAt - LATE_AFTER_MS));
  const added = await new Merge(store, state, settings).run(inputs, ["on-time", "late"]);
  const ids = flushes.map(({ id }) => id);
  const isDone = await state.replaceManifest({
    ...manifest,
    segments: [...manifest.segments, ...added],
    merged: [...manifest.merged, { flushes: ids, at: settings.now }],
    data: flushes.reduce(
      (ranges, { firstItem, lastItem, column }) =>
        addDataRange(ranges, { first: firstItem, last: lastItem, newest: column.times.at(-1) ?? 0 }),
      manifest.data,
    ),
    lastSegment: Math.max(manifest.lastSegment, ...added.map(({ id }) => id)),
  });
  if (isDone) {
    await store.delete(state.spaces.flushes, ids);
  }
  return isDone;
}

async function mergeSegments(
  store: OrderedStore,
  state: PartitionState,
  manifest: Manifest,
  segments: readonly SegmentInfo[],
  settings: MergeSettings,
): Promise<boolean> {
  const [{ lane }] = segments as readonly [SegmentInfo];
  let records = 0;
  const fitting = segments.filter((segment) => {
    records += segment.records;
    return records <= MOST_RECORDS;
  });
  const inputs = await Promise.all(fitting.map((segment) => segmentInput(store, state, segment)));
  const added = await new Merge(store, state, settings).run(inputs, [lane, lane]);
  const replaced = new Set(fitting.map(({ id }) => id));
  const first = manifest.segments.findIndex(({ id }) => replaced.has(id));
  return state.replaceManifest({
    ...manifest,
    // In the place of the oldest one, so that the order by age stands.
    segments: manifest.segments.flatMap((segment, index) =>
      index === first ? added : replaced.has(segment.id) ? [] : [segment],
    ),
    retired: [...manifest.retired, ...fitting.map((segment) => ({ segment, at: settings.now }))],
    lastSegment: Math.max(manifest.lastSegment, ...added.map(({ id }) => id)),
  });
}

/** What is merged: its column, and its postings by group of hashes. */
interface MergeInput extends ColumnInput {
  /** Calls back for each (hash, rank) of a group. */
  forEachPair(group: number, visit: (hash: number, rank: number) => void): Promise<void>;
}

function rowInput({ column, groups }: SegmentRow, lateBefore: number): MergeInput {
  return {
    column,
    lateBefore,
    async forEachPair(group, visit) {
      forEachPosting(groups[group] as Uint8Array, (hash, posting) => {
        if ("ranks" in posting) {
          for (const rank of posting.ranks) {
            visit(hash, rank);
          }
        }
      });
    },
  };
}

async function segmentInput(
  store: OrderedStore,
  state: PartitionState,
  info: SegmentInfo,
): Promise<MergeInput> {
  if (info.tier === 1) {
    return rowInput(await state.segmentRow(info), Number.NEGATIVE_INFINITY);
  }
  const { spaces } = state;
  const buckets = new BucketRows(store, spaces.buckets(info.lane, info.tier), [info.id]);
  const index: SegmentIndex = indexOfSegment(store, spaces, info, buckets);
  return {
    column: await wholeColumn(index),
    lateBefore: Number.NEGATIVE_INFINITY,
    // Segments of tier 2 have a bucket a group; those of tier 3 are not merged.
    async forEachPair(group, visit) {
      const lists: { readonly hash: number; readonly list: number }[] = [];
      forEachPosting(await buckets.read(group, info.id), (hash, posting) => {
        if ("ranks" in posting) {
          for (const rank of posting.ranks) {
            visit(hash, rank);
          }
        } else {
          lists.push({ hash, list: posting.list });
        }
      });
      for (const { hash, list } of lists) {
        const rows = await store.range(spaces.lists, {
          from: listKey(info.id, list, 0),
          to: listKey(info.id, list, 7),
        });
        for (const { key, value } of rows) {
          const first = (key - listKey(info.id, list, 0)) * RANKS_PER_LIST_ROW;
          for (const rank of decodeLongListRow(value, first)) {
            visit(hash, rank);
          }
        }
      }
    },
  };
}

/** Builds segments out of others. Their rows are staged: the manifest, written by the caller, makes them count. */
class Merge {
  readonly #store: OrderedStore;
  readonly #state: PartitionState;
  readonly #settings: MergeSettings;
  readonly #slices = new Slices();

  constructor(store: OrderedStore, state: PartitionState, settings: MergeSettings) {
    this.#store = store;
    this.#state = state;
    this.#settings = settings;
  }

  /** @param lanes of the records on time and of the late ones */
  async run(inputs: readonly MergeInput[], lanes: readonly [Lane, Lane]): Promise<readonly SegmentInfo[]> {
    const { sizes } = this.#settings;
    const { outputs, ranks } = await mergeColumns(inputs, this.#slices);
    const builders: SegmentBuilder[] = [];
    const builderOf: (SegmentBuilder | undefined)[] = [];
    for (const [output, column] of outputs.entries()) {
      const builder =
        column.times.length === 0
          ? undefined
          : makeBuilder(
              this.#state.spaces,
              sizes,
              {
                id: await this.#state.claimSegment(),
                lane: lanes[output] as Lane,
                tier: tierOf(column.times.length, sizes),
                records: column.times.length,
                oldest: column.times[0] as number,
                newest: column.times.at(-1) as number,
                firstPosition: column.positions.reduce((least, one) => Math.min(least, one)),
              },
              column,
            );
      builderOf.push(builder);
      if (builder !== undefined) {
        builders.push(builder);
      }
    }
    for (let group = 0; group < GROUPS; group += 1) {
      await this.#mergeGroup(group, inputs, ranks, builderOf);
      for (const builder of builders) {
        await this.#stage(builder, builder.closeGroup(group));
      }
    }
    for (const builder of builders) {
      await this.#stage(builder, builder.finish());
    }
    return builders.map(({ info }) => info);
  }

  async #mergeGroup(
    group: number,
    inputs: readonly MergeInput[],
    ranks: readonly Int32Array[],
    builders: readonly (SegmentBuilder | undefined)[],
  ): Promise<void> {
    const [onTime, late] = builders;
    for (const [number, input] of inputs.entries()) {
      const rankOf = ranks[number] as Int32Array;
      await input.forEachPair(group, (hash, rank) => {
        const moved = rankOf[rank] as number;
        (moved % 2 === 0 ? onTime : late)?.add(hash * RANK_SPAN + (moved >>> 1));
      });
      await this.#slices.pause();
    }
  }

  async #stage({ info }: SegmentBuilder, rows: readonly Omit<NewRow, "expiresAt">[]): Promise<void> {
    if (rows.length > 0) {
      const expires = expiry(info.newest, this.#settings.retention);
      await this.#store.stage(rows.map((row) => ({ ...row, ...expires })));
    }
    await this.#slices.pause();
  }
}

type UnexpiringRow = Omit<NewRow, "expiresAt">;

/** Takes a segment's postings, group by group, and makes its rows. */
interface SegmentBuilder {
  readonly info: SegmentInfo;
  /** @param pair hash × 2^18 + rank; in any order within a group */
  add(pair: number): void;
  closeGroup(group: number): readonly UnexpiringRow[];
  finish(): readonly UnexpiringRow[];
}

function makeBuilder(
  spaces: Spaces,
  sizes: IndexSizes,
  info: SegmentInfo,
  column: TimeColumn,
): SegmentBuilder {
  return info.tier === 1 ? rowBuilder(spaces, info, column) : bucketBuilder(spaces, sizes, info, column);
}

function rowBuilder(spaces: Spaces, info: SegmentInfo, column: TimeColumn): SegmentBuilder {
  const pairs = new PairList();
  return {
    info,
    add: (pair) => pairs.add(pair),
    closeGroup: () => [],
    finish() {
      const items = column.positions.map((position) => Math.floor(position / RECORDS_PER_ITEM));
      const value = encodeSegmentRow({
        firstItem: items.reduce((least, one) => Math.min(least, one)),
        lastItem: items.reduce((most, one) => Math.max(most, one)),
        acceptedAt: 0,
        column,
        pairs: pairs.takeSorted(),
      });
      return [{ space: spaces.rows, key: info.id, value }];
    },
  };
}

function bucketBuilder(
  spaces: Spaces,
  sizes: IndexSizes,
  info: SegmentInfo,
  column: TimeColumn,
): SegmentBuilder {
  const buckets = BUCKETS[info.tier as 2 | 3];
  const perGroup = buckets / GROUPS;
  const pairs = new PairList();
  const writer = new ByteWriter(4_096);
  const scratch = new ByteWriter();
  let lists = 0;
  let listRows: UnexpiringRow[] = [];
  const keep = (ranks: Uint32Array): number => {
    const list = lists++;
    listRows.push(
      ...encodeLongList(ranks, info.records).map((value, row) => ({
        space: spaces.lists,
        key: listKey(info.id, list, row),
        value,
      })),
    );
    return list;
  };
  return {
    info,
    add: (pair) => pairs.add(pair),
    closeGroup(group) {
      const sorted = pairs.takeSorted();
      const rows: UnexpiringRow[] = [];
      let index = 0;
      for (let bucket = group * perGroup; bucket < (group + 1) * perGroup; bucket += 1) {
        writer.clear();
        index = encodeBucket(sorted, index, ((bucket + 1) * 2 ** 32) / buckets, writer, scratch, {
          longestInline: sizes.longestInlineList,
          keep,
        });
        const key = bucketKey(bucket, info.id);
        rows.push({ space: spaces.buckets(info.lane, info.tier), key, value: writer.bytes() });
      }
      rows.push(...listRows);
      listRows = [];
      return rows;
    },
    finish() {
      const chunks = timeChunks(column);
      const directory = encodeTimeDirectory(timeDirectory(chunks));
      return [
        { space: spaces.times, key: timeKey(info.id, 0), value: directory },
        ...chunks.map((chunk, number) => ({
          space: spaces.times,
          key: timeKey(info.id, 1 + number),
          value: encodeTimeChunk(chunk),
        })),
      ];
    },
  };
}

/** A list of numbers that grows, and is sorted at its end. */
class PairList {
  #pairs = new Float64Array(4_096);
  #length = 0;

  add(pair: number): void {
    if (this.#length === this.#pairs.length) {
      const larger = new Float64Array(2 * this.#length);
      larger.set(this.#pairs);
      this.#pairs = larger;
    }
    this.#pairs[this.#length++] = pair;
  }

  /** All numbers, sorted, valid until the next `add`; the list is empty then. */
  takeSorted(): Float64Array {
    const sorted = this.#pairs.subarray(0, this.#length).sort();
    this.#length = 0;
    return sorted;
  }
}
