import type { OrderedStore } from "../ports/ordered-store.ts";
import { BucketRows } from "./bucket-rows.ts";
import { RECORDS_PER_ITEM } from "./data-item.ts";
import type { Lane, Tier } from "./manifest.ts";
import type { PartitionState, Snapshot } from "./partition-state.ts";
import { indexOfRow, indexOfSegment, type SegmentIndex } from "./segment-index.ts";

/** A part of the index, flush or segment, that can be opened. */
export interface Segment {
  /** eventTimes, in milliseconds since the epoch. */
  readonly oldest: number;
  readonly newest: number;
  readonly firstPosition: number;
  open(): Promise<SegmentIndex>;
}

/** What a lookup restricts itself to. Milliseconds since the epoch, both included. */
export interface SegmentWindow {
  readonly startTime: number;
  readonly endTime: number;
}

const ALWAYS: SegmentWindow = {
  startTime: Number.NEGATIVE_INFINITY,
  endTime: Number.POSITIVE_INFINITY,
};

/** The parts of a partition's index that have records in the window. */
export function segmentsOf(
  store: OrderedStore,
  state: PartitionState,
  { manifest, flushes }: Snapshot,
  order: "newest-first" | "oldest-first",
  { startTime, endTime }: SegmentWindow = ALWAYS,
): readonly Segment[] {
  const recent = flushes.map((flush): Segment => {
    const { times } = flush.column;
    return {
      oldest: times[0] ?? 0,
      newest: times.at(-1) ?? 0,
      firstPosition: flush.id * RECORDS_PER_ITEM,
      open: async () => indexOfRow(flush),
    };
  });
  const infos = manifest.segments.filter(({ oldest, newest }) => newest >= startTime && oldest <= endTime);
  const ordered = order === "newest-first" ? [...infos].reverse() : infos;
  const buckets = new Map<string, BucketRows>();
  const bucketsOf = (lane: Lane, tier: Tier): BucketRows => {
    const space = state.spaces.buckets(lane, tier);
    const known = buckets.get(space);
    if (known !== undefined) {
      return known;
    }
    const ids = ordered.filter((info) => info.lane === lane && info.tier === tier).map(({ id }) => id);
    const made = new BucketRows(store, space, ids);
    buckets.set(space, made);
    return made;
  };
  const merged = ordered.map(
    (info): Segment => ({
      oldest: info.oldest,
      newest: info.newest,
      firstPosition: info.firstPosition,
      open: async () =>
        info.tier === 1
          ? indexOfRow(await state.segmentRow(info))
          : indexOfSegment(store, state.spaces, info, bucketsOf(info.lane, info.tier)),
    }),
  );
  return [...recent, ...merged].filter(({ oldest, newest }) => newest >= startTime && oldest <= endTime);
}
