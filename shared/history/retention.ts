import type { OrderedStore } from "../ports/ordered-store.ts";
import { GROUPS } from "./attribute-hash.ts";
import type { Manifest, SegmentInfo } from "./manifest.ts";
import type { PartitionState } from "./partition-state.ts";
import { Slices } from "./slices.ts";
import { BUCKETS, bucketKey, listKey, SEGMENTS_KEY, timeKey } from "./spaces.ts";

/** How long after its end in the manifest a segment's rows stay: a lookup that began before may still read them. */
const GRACE_MS = 60_000;

/**
 * Gives up what is too old or was replaced a while ago: whole segments and ranges of data, never single records.
 * @param retention in ms; infinite: everything stays
 * @return whether anything was given up
 */
export async function dropExpired(
  store: OrderedStore,
  state: PartitionState,
  now: number,
  retention: number,
): Promise<boolean> {
  const { manifest } = await state.lastSnapshot();
  const oldest = now - retention;
  const expired = manifest.segments.filter(({ newest }) => newest < oldest);
  const gone = manifest.retired.filter(({ at }) => at <= now - GRACE_MS);
  const data = manifest.data.filter(({ newest }) => newest < oldest);
  const merged = manifest.merged.filter(({ at }) => at <= now - GRACE_MS);
  if (expired.length + gone.length + data.length + merged.length === 0) {
    return false;
  }
  // Rows first: were the manifest first, a crash in between would leave them for ever.
  const slices = new Slices();
  for (const { segment } of gone) {
    await discardSegment(store, state, segment, slices);
  }
  for (const { first, last } of data) {
    await store.discard(state.spaces.data, { from: first, to: last });
    await slices.pause();
  }
  await store.delete(
    state.spaces.flushes,
    merged.flatMap(({ flushes }) => flushes),
  );
  const next: Manifest = {
    ...manifest,
    segments: manifest.segments.filter((segment) => !expired.includes(segment)),
    data: manifest.data.filter((range) => !data.includes(range)),
    merged: manifest.merged.filter((one) => !merged.includes(one)),
    retired: [
      ...manifest.retired.filter((one) => !gone.includes(one)),
      ...expired.map((segment) => ({ segment, at: now })),
    ],
  };
  return state.replaceManifest(next);
}

/**
 * Removes what a crash left of segments that never came to be. For a process that has the store to itself, before
 * its first merge.
 */
export async function discardAbandoned(store: OrderedStore, state: PartitionState): Promise<void> {
  const { manifest } = await state.snapshot();
  const claimed = await store.increment(state.spaces.control, SEGMENTS_KEY, 0);
  const slices = new Slices();
  for (let id = manifest.lastSegment + 1; id <= claimed; id += 1) {
    for (const lane of ["on-time", "late"] as const) {
      for (const tier of [1, 2, 3] as const) {
        await discardSegment(store, state, { id, lane, tier }, slices);
      }
    }
  }
}

async function discardSegment(
  store: OrderedStore,
  { spaces }: PartitionState,
  { id, lane, tier }: Pick<SegmentInfo, "id" | "lane" | "tier">,
  slices: Slices,
): Promise<void> {
  if (tier === 1) {
    await store.discard(spaces.rows, { from: id, to: id });
    return;
  }
  const buckets = BUCKETS[tier];
  for (let group = 0; group < GROUPS; group += 1) {
    const perGroup = buckets / GROUPS;
    for (let bucket = group * perGroup; bucket < (group + 1) * perGroup; bucket += 1) {
      const key = bucketKey(bucket, id);
      await store.discard(spaces.buckets(lane, tier), { from: key, to: key });
    }
    await slices.pause();
  }
  await store.discard(spaces.times, { from: timeKey(id, 0), to: timeKey(id + 1, 0) - 1 });
  await store.discard(spaces.lists, { from: listKey(id, 0, 0), to: listKey(id + 1, 0, 0) - 1 });
}
