import type { NewRow, OrderedStore } from "../ports/ordered-store.ts";
import { dictionaryVersionOf, itemEnds, packItem, RECORDS_PER_ITEM, unpackItem } from "./data-item.ts";
import { type Dictionary, dictionaryVersionFor, makeDictionary, SAMPLED_ITEMS } from "./dictionary.ts";
import type { IncomingRecord } from "./incoming-record.ts";
import type { PartitionState } from "./partition-state.ts";
import { RANK_SPAN } from "./postings.ts";
import { encodeSegmentRow } from "./segment-row.ts";
import { Slices } from "./slices.ts";
import { timeOrder } from "./time-column.ts";

/** Records of one flush at most: its index is one row. */
export const RECORDS_PER_FLUSH = 1_024;

/** What a flush is written with. Times in milliseconds since the epoch, or in milliseconds. */
export interface FlushSettings {
  readonly acceptedAt: number;
  /** How long after its eventTime a record is kept; infinite for ever. */
  readonly retention: number;
}

/**
 * Writes records, which the index does not have yet: their data, and then the flush's index row, which makes them
 * count. @param records at most 1,024
 */
export async function appendFlush(
  store: OrderedStore,
  state: PartitionState,
  records: readonly IncomingRecord[],
  settings: FlushSettings,
): Promise<void> {
  const ends = itemEnds(records.map(({ text }) => text.length));
  const firstItem = await state.claimItems(ends.length);
  const dictionary = await currentDictionary(store, state, firstItem);
  const slices = new Slices();
  const rows: NewRow[] = [];
  const positions = new Float64Array(records.length);
  let start = 0;
  for (const [index, end] of ends.entries()) {
    const key = firstItem + index;
    const content = records.slice(start, end);
    const newest = content.reduce((latest, { eventTime }) => Math.max(latest, eventTime), 0);
    const value = packItem(
      content.map(({ text }) => text),
      dictionary,
    );
    rows.push({ space: state.spaces.data, key, value, ...expiry(newest, settings.retention) });
    for (let place = start; place < end; place += 1) {
      positions[place] = key * RECORDS_PER_ITEM + place - start;
    }
    start = end;
    await slices.pause();
  }
  const times = Float64Array.from(records, ({ eventTime }) => eventTime);
  const order = timeOrder({ times, positions });
  const flush: NewRow = {
    space: state.spaces.flushes,
    key: firstItem,
    value: encodeSegmentRow({
      firstItem,
      lastItem: firstItem + ends.length - 1,
      acceptedAt: settings.acceptedAt,
      column: {
        times: Float64Array.from(order, (index) => times[index] as number),
        positions: Float64Array.from(order, (index) => positions[index] as number),
      },
      pairs: sortedPairs(records, order),
    }),
    ...expiry(
      times.reduce((latest, time) => Math.max(latest, time), 0),
      settings.retention,
    ),
  };
  await slices.pause();
  await store.commit(rows, flush);
  state.flushed(flush);
  state.recent.add(
    records.map(({ eventIdHash }) => eventIdHash),
    firstItem * RECORDS_PER_ITEM,
  );
}

const DAY = 86_400_000;

/** When a row may be removed whose newest record is of that time: a day late, since lookups judge by time. */
export function expiry(newest: number, retention: number): { readonly expiresAt?: number } {
  return Number.isFinite(retention) ? { expiresAt: newest + retention + DAY } : {};
}

function sortedPairs(records: readonly IncomingRecord[], order: Uint32Array): Float64Array {
  const pairs = new Float64Array(records.reduce((sum, { hashes }) => sum + hashes.length, 0));
  let count = 0;
  for (const [rank, index] of order.entries()) {
    for (const hash of (records[index] as IncomingRecord).hashes) {
      pairs[count++] = hash * RANK_SPAN + rank;
    }
  }
  return pairs.sort();
}

/** The dictionary to compress with. A new one is made when the partition has grown enough for it. */
async function currentDictionary(
  store: OrderedStore,
  state: PartitionState,
  items: number,
): Promise<Dictionary | undefined> {
  const wanted = dictionaryVersionFor(items);
  const newest = wanted === 0 ? undefined : await state.newestDictionary();
  if (wanted <= (newest?.version ?? 0)) {
    return newest;
  }
  const samples = await store.range(state.spaces.data, {
    from: 0,
    to: items,
    reverse: true,
    limit: SAMPLED_ITEMS,
  });
  const texts: Buffer[] = [];
  for (const { value } of samples) {
    texts.push(...unpackItem(value, await state.dictionary(dictionaryVersionOf(value))));
  }
  if (texts.length === 0) {
    return newest;
  }
  const { content } = makeDictionary(wanted, texts);
  await store.commit([], {
    space: state.spaces.dictionaries,
    key: wanted,
    value: content,
    expected: undefined,
  });
  // Whoever was first made it.
  return state.dictionary(wanted);
}
