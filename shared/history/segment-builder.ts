import type { NewRow } from "../ports/ordered-store.ts";
import { GROUPS } from "./attribute-hash.ts";
import { ByteWriter } from "./byte-writer.ts";
import { RECORDS_PER_ITEM } from "./data-item.ts";
import type { IndexSizes } from "./index-sizes.ts";
import { encodeLongList } from "./long-list.ts";
import type { SegmentInfo } from "./manifest.ts";
import { encodeBucket } from "./postings.ts";
import { encodeSegmentRow } from "./segment-row.ts";
import { BUCKETS, bucketKey, listKey, type Spaces, timeKey } from "./spaces.ts";
import {
  encodeTimeChunk,
  encodeTimeDirectory,
  type TimeColumn,
  timeChunks,
  timeDirectory,
} from "./time-column.ts";

/** A row whose expiry the writer decides. */
export type UnexpiringRow = Omit<NewRow, "expiresAt">;

/** Takes a segment's postings, group by group, and makes its rows. */
export interface SegmentBuilder {
  readonly info: SegmentInfo;
  /** @param pair hash × 2^18 + rank; in any order within a group */
  add(pair: number): void;
  closeGroup(group: number): readonly UnexpiringRow[];
  finish(): readonly UnexpiringRow[];
}

/** Makes the builder of a segment. @param column its time column, merged already */
export function makeBuilder(
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
