import type { OrderedStore } from "../ports/ordered-store.ts";
import { BucketRows } from "./bucket-rows.ts";
import { decodeLongListRow, RANKS_PER_LIST_ROW } from "./long-list.ts";
import type { SegmentInfo } from "./manifest.ts";
import type { ColumnInput } from "./merge-columns.ts";
import type { PartitionState } from "./partition-state.ts";
import { forEachPosting } from "./postings.ts";
import { indexOfSegment, type SegmentIndex, wholeColumn } from "./segment-index.ts";
import type { SegmentRow } from "./segment-row.ts";
import { listKey } from "./spaces.ts";

/** What is merged: its column, and its postings by group of hashes. */
export interface MergeInput extends ColumnInput {
  /** Calls back for each (hash, rank) of a group. */
  forEachPair(group: number, visit: (hash: number, rank: number) => void): Promise<void>;
}

/** A flush, or a segment of tier 1, as an input. */
export function rowInput({ column, groups }: SegmentRow, lateBefore: number): MergeInput {
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

/** A segment of tier 1 or 2 as an input. */
export async function segmentInput(
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
