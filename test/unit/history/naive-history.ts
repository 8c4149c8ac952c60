import type { JsonObject } from "../../../shared/event/json.ts";
import { type HistoryQuery, matchesQuery } from "../../../shared/history/query.ts";

/** What a history is given. */
export interface NaiveRecord {
  readonly text: Buffer;
  /** Milliseconds since the epoch. */
  readonly eventTime: number;
  /** The index of its partition. */
  readonly partition: number;
}

/** Records in a list, and every lookup a look at all of them: what the index has to agree with. */
export class NaiveHistory {
  readonly #records: NaiveRecord[] = [];
  readonly #known = new Set<string>();

  /** @return whether it was new */
  append(record: NaiveRecord): boolean {
    const { eventID } = JSON.parse(record.text.toString()) as JsonObject;
    const name = `${record.partition} ${eventID} ${record.eventTime}`;
    if (this.#known.has(name)) {
      return false;
    }
    this.#known.add(name);
    this.#records.push(record);
    return true;
  }

  /** The texts of all events that are asked for, in order; `oldest` is where the retention ends. */
  find(
    query: HistoryQuery,
    partitions: readonly number[],
    oldest = Number.NEGATIVE_INFINITY,
  ): readonly string[] {
    const direction = query.oldestFirst ? 1 : -1;
    return this.#records
      .map((record, position) => ({ ...record, position }))
      .filter(
        ({ partition, eventTime, text }) =>
          partitions.includes(partition) &&
          eventTime >= oldest &&
          matchesQuery(query, eventTime, JSON.parse(text.toString()) as JsonObject, text),
      )
      .sort(
        (one, other) =>
          direction *
          (one.eventTime - other.eventTime ||
            partitions.indexOf(one.partition) - partitions.indexOf(other.partition) ||
            one.position - other.position),
      )
      .map(({ text }) => text.toString());
  }
}
