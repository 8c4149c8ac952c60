import { type AttributeName, attributeValues } from "./event-attributes.ts";
import type { FoundEvent } from "./query.ts";

/** How often a value occurs. */
export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** Values of an attribute that are answered, at most. */
const MOST_VALUES = 50;

/** Counts events by the values of their attributes. */
export class FacetCounter {
  readonly #counts: ReadonlyMap<AttributeName, Map<string, number>>;
  #events = 0;

  constructor(attributes: readonly AttributeName[]) {
    this.#counts = new Map(attributes.map((name) => [name, new Map()]));
  }

  /** How many events were counted. */
  get events(): number {
    return this.#events;
  }

  add({ fields }: FoundEvent): void {
    this.#events += 1;
    for (const [name, counts] of this.#counts) {
      for (const value of attributeValues(fields, name)) {
        counts.set(value, (counts.get(value) ?? 0) + 1);
      }
    }
  }

  /** The most frequent values of each attribute, at most 50. */
  result(): Readonly<Record<string, readonly ValueCount[]>> {
    return Object.fromEntries(
      [...this.#counts].map(([name, counts]) => [
        name,
        [...counts]
          .map(([value, count]) => ({ value, count }))
          .sort((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
          .slice(0, MOST_VALUES),
      ]),
    );
  }
}
