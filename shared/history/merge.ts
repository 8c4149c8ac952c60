import type { OrderedStore } from "../ports/ordered-store.ts";
import { expiry } from "./append.ts";
import { GROUPS } from "./attribute-hash.ts";
import type { IndexSizes } from "./index-sizes.ts";
import {
  addDataRange,
  enough,
  type Lane,
  type Manifest,
  type SegmentInfo,
  segmentsToMerge,
  tierOf,
} from "./manifest.ts";
import { mergeColumns } from "./merge-columns.ts";
import { type MergeInput, rowInput, segmentInput } from "./merge-input.ts";
import type { Flush, PartitionState, Snapshot } from "./partition-state.ts";
import { RANK_SPAN } from "./postings.ts";
import { makeBuilder, type SegmentBuilder, type UnexpiringRow } from "./segment-builder.ts";
import { Slices } from "./slices.ts";

/** A record that is older than this when it is accepted is a late one. */
const LATE_AFTER_MS = 2 * 3_600_000;

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
  const last = await state.lastSnapshot();
  if (flushesToMerge(last, sizes).length + segmentsToMerge(last.manifest.segments, sizes).length === 0) {
    return false;
  }
  // Another process may have merged them meanwhile: to write the segments in vain would cost more than to look.
  const snapshot = await state.snapshot();
  const { manifest } = snapshot;
  const due = flushesToMerge(snapshot, sizes);
  if (due.length > 0) {
    return mergeFlushes(store, state, manifest, due, settings);
  }
  const segments = segmentsToMerge(manifest.segments, sizes);
  return segments.length > 0 && mergeSegments(store, state, manifest, segments, settings);
}

function flushesToMerge({ flushes }: Snapshot, sizes: IndexSizes): readonly Flush[] {
  return enough(
    flushes.map((flush) => ({ flush, records: flush.column.times.length })),
    sizes.flushedRecords,
    sizes.flushes,
  ).map(({ flush }) => flush);
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

  async #stage({ info }: SegmentBuilder, rows: readonly UnexpiringRow[]): Promise<void> {
    if (rows.length > 0) {
      const expires = expiry(info.newest, this.#settings.retention);
      await this.#store.stage(rows.map((row) => ({ ...row, ...expires })));
    }
    await this.#slices.pause();
  }
}
