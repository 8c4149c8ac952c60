import type { OrderedStore } from "../ports/ordered-store.ts";
import { dictionaryVersionOf, RECORDS_PER_ITEM, unpackItem } from "./data-item.ts";
import type { PartitionState } from "./partition-state.ts";
import { Slices } from "./slices.ts";

/** Reads records by their positions. One that retention has removed is not in the answer. */
export async function readRecords(
  store: OrderedStore,
  state: PartitionState,
  positions: readonly number[],
): Promise<ReadonlyMap<number, Buffer>> {
  const placesOf = new Map<number, number[]>();
  for (const position of positions) {
    const item = Math.floor(position / RECORDS_PER_ITEM);
    const places = placesOf.get(item);
    if (places === undefined) {
      placesOf.set(item, [position % RECORDS_PER_ITEM]);
    } else {
      places.push(position % RECORDS_PER_ITEM);
    }
  }
  const items = await store.getMany(state.spaces.data, [...placesOf.keys()]);
  const records = new Map<number, Buffer>();
  const slices = new Slices();
  for (const [item, packed] of items) {
    const places = (placesOf.get(item) ?? []).sort((one, other) => one - other);
    const texts = unpackItem(packed, await state.dictionary(dictionaryVersionOf(packed)), places);
    for (const [index, place] of places.entries()) {
      const text = texts[index];
      if (text !== undefined) {
        records.set(item * RECORDS_PER_ITEM + place, text);
      }
    }
    await slices.pause();
  }
  return records;
}
