import type { JsonObject } from "../event/json.ts";
import type { OrderedStore } from "../ports/ordered-store.ts";
import type { IncomingRecord } from "./incoming-record.ts";
import type { PartitionState, Snapshot } from "./partition-state.ts";
import { readRecords } from "./record-reader.ts";
import { placesIn } from "./segment-stream.ts";
import { segmentsOf } from "./segments-of.ts";

/**
 * The records that the index has already: those with the eventID and the eventTime of one in it. Records whose
 * eventID this process would remember are not looked up.
 */
export async function findRepeated(
  store: OrderedStore,
  state: PartitionState,
  snapshot: Snapshot,
  records: readonly IncomingRecord[],
): Promise<ReadonlySet<IncomingRecord>> {
  const places = new Map<number, IncomingRecord[]>();
  const { recent } = state;
  const order = [...records].sort((one, other) => one.eventIdHash - other.eventIdHash);
  const segments = segmentsOf(store, state, snapshot, "newest-first");
  for (const segment of segments) {
    const isRemembered = segment.firstPosition >= recent.coversFrom;
    const suspects = order.filter(
      ({ eventTime, eventIdHash }) =>
        eventTime >= segment.oldest &&
        eventTime <= segment.newest &&
        (!isRemembered || recent.has(eventIdHash)),
    );
    if (suspects.length === 0) {
      continue;
    }
    const index = await segment.open();
    for (const record of suspects) {
      const found = placesIn(index, 0, {
        conditions: [[record.eventIdHash]],
        startTime: record.eventTime,
        endTime: record.eventTime,
        oldestFirst: false,
      });
      for await (const { positions } of found) {
        for (const position of positions) {
          places.set(position, [...(places.get(position) ?? []), record]);
        }
      }
    }
  }
  if (places.size === 0) {
    return new Set();
  }
  const texts = await readRecords(store, state, [...places.keys()]);
  const repeated = new Set<IncomingRecord>();
  for (const [position, text] of texts) {
    const { eventID } = JSON.parse(text.toString("utf8")) as JsonObject;
    for (const record of places.get(position) ?? []) {
      if (record.eventId === eventID) {
        repeated.add(record);
      }
    }
  }
  return repeated;
}
