import { isJsonObject, type JsonObject } from "../event/json.ts";
import type { OrderedStore } from "../ports/ordered-store.ts";
import { attributeHash } from "./attribute-hash.ts";
import type { PartitionState } from "./partition-state.ts";
import { type PlaceSource, Places } from "./places.ts";
import { type Cursor, type FoundEvent, type HistoryQuery, matchesQuery } from "./query.ts";
import { readRecords } from "./record-reader.ts";
import { placesIn, type SegmentSearch } from "./segment-stream.ts";
import { segmentsOf } from "./segments-of.ts";

/** How much of a result is asked for. */
export interface SearchPage {
  /** Events at most. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: Cursor;
  /** Records that are looked at, at most, before a page is answered that may not be full. Default: no limit. */
  readonly mostRead?: number;
  /** Bytes of the records of a page, at most, but for one that has more by itself. Default: no limit. */
  readonly mostBytes?: number;
}

/** A page of a result. */
export interface FoundPage {
  readonly events: readonly FoundEvent[];
  /** Where the next page goes on; absent at the end of the result. */
  readonly next?: Cursor;
}

/** Places that are resolved at once, at most: more would hold too many records in memory. */
const MOST_AT_ONCE = 512;

/** Finds the events of some partitions that a query asks for. @throws SegmentGone */
export async function findEvents(
  store: OrderedStore,
  states: readonly PartitionState[],
  query: HistoryQuery,
  page: SearchPage,
): Promise<FoundPage> {
  const { limit, after, mostRead = Number.POSITIVE_INFINITY, mostBytes = Number.POSITIVE_INFINITY } = page;
  const places = new Places(await sourcesOf(store, states, query, after), query.oldestFirst === true);
  const events: FoundEvent[] = [];
  let read = 0;
  let bytes = 0;
  let last: Cursor | undefined;
  // One event more than asked for tells that there is a next page.
  while (events.length <= limit && read < mostRead && bytes <= mostBytes) {
    const wanted = query.text === undefined ? limit + 1 - events.length : MOST_AT_ONCE;
    const taken = await places.take(Math.min(wanted, MOST_AT_ONCE));
    if (taken.length === 0) {
      return { events };
    }
    for (const event of await resolvePlaces(store, states, taken)) {
      if (matchesQuery(query, event.time, event.fields, event.text)) {
        events.push(event);
        bytes += event.text.length;
      }
    }
    read += taken.length;
    last = taken.at(-1);
  }
  const count = Math.min(limit, countWithin(events, mostBytes));
  const next = events.length > count ? events[count - 1] : last;
  return { events: events.slice(0, count), ...(next && { next: cursorOf(next) }) };
}

/** How many of the first events have so many bytes together; one at least. */
function countWithin(events: readonly FoundEvent[], mostBytes: number): number {
  let bytes = 0;
  const beyond = events.findIndex(({ text }) => {
    bytes += text.length;
    return bytes > mostBytes;
  });
  return beyond === -1 ? events.length : Math.max(1, beyond);
}

function cursorOf({ time, partition, position }: Cursor): Cursor {
  return { time, partition, position };
}

async function sourcesOf(
  store: OrderedStore,
  states: readonly PartitionState[],
  query: HistoryQuery,
  after: Cursor | undefined,
): Promise<readonly PlaceSource[]> {
  const {
    startTime = Number.NEGATIVE_INFINITY,
    endTime = Number.POSITIVE_INFINITY,
    oldestFirst = false,
  } = query;
  const search: SegmentSearch = {
    conditions: query.conditions.map(({ attribute, values }) => [
      ...new Set(values.map((value) => attributeHash(attribute, value))),
    ]),
    startTime,
    endTime,
    oldestFirst,
    ...(after && { after }),
  };
  // Nothing on the other side of the cursor is needed.
  const window = {
    startTime: after && oldestFirst ? Math.max(startTime, after.time) : startTime,
    endTime: after && !oldestFirst ? Math.min(endTime, after.time) : endTime,
  };
  const order = oldestFirst ? "oldest-first" : "newest-first";
  const sources: PlaceSource[] = [];
  for (const [partition, state] of states.entries()) {
    for (const segment of segmentsOf(store, state, await state.snapshot(), order, window)) {
      sources.push({
        partition,
        boundary: oldestFirst
          ? Math.max(segment.oldest, window.startTime)
          : Math.min(segment.newest, window.endTime),
        open: async function* () {
          yield* placesIn(await segment.open(), partition, search);
        },
      });
    }
  }
  return sources;
}

async function resolvePlaces(
  store: OrderedStore,
  states: readonly PartitionState[],
  places: readonly Cursor[],
): Promise<readonly FoundEvent[]> {
  const texts = new Map<number, ReadonlyMap<number, Buffer>>();
  for (const [partition, state] of states.entries()) {
    const positions = places.filter((place) => place.partition === partition).map(({ position }) => position);
    if (positions.length > 0) {
      texts.set(partition, await readRecords(store, state, positions));
    }
  }
  return places.flatMap((place) => {
    const text = texts.get(place.partition)?.get(place.position);
    return text === undefined ? [] : [{ ...place, text, fields: parse(text) }];
  });
}

function parse(text: Buffer): JsonObject {
  const fields: unknown = JSON.parse(text.toString("utf8"));
  return isJsonObject(fields) ? fields : {};
}
