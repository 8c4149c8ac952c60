import { type Cursor, compareInOrder } from "./query.ts";
import type { PlaceBatch } from "./segment-stream.ts";

/** A segment as a search meets it: opened when its turn comes. */
export interface PlaceSource {
  readonly partition: number;
  /** The time of its first record in the order of the search, or one before it. */
  readonly boundary: number;
  open(): AsyncGenerator<PlaceBatch, void>;
}

/** Merges the places of several sources into one order. */
export class Places {
  readonly #heads: Head[];
  readonly #oldestFirst: boolean;

  constructor(sources: readonly PlaceSource[], oldestFirst: boolean) {
    this.#oldestFirst = oldestFirst;
    this.#heads = sources.map((source) => new Head(source, oldestFirst));
  }

  /** The next places, at most `count`; fewer only at the end. */
  async take(count: number): Promise<readonly Cursor[]> {
    const taken: Cursor[] = [];
    while (taken.length < count) {
      const first = this.#first();
      if (first === undefined) {
        break;
      }
      if (first.isExact) {
        taken.push(first.place);
        if (!first.step()) {
          await this.#refill(first);
        }
      } else {
        await this.#refill(first);
      }
    }
    return taken;
  }

  async #refill(head: Head): Promise<void> {
    if (!(await head.refill())) {
      this.#heads.splice(this.#heads.indexOf(head), 1);
    }
  }

  /** The head that comes first. One that is not opened yet comes before others of the same time, to be opened. */
  #first(): Head | undefined {
    let first: Head | undefined;
    for (const head of this.#heads) {
      if (first === undefined || compareInOrder(head.place, first.place, this.#oldestFirst) < 0) {
        first = head;
      }
    }
    return first;
  }
}

/** Where the search is in one source. */
class Head {
  place: Cursor;
  /** Whether `place` is one of the source's places, or only comes before all of them. */
  isExact = false;
  readonly #partition: number;
  readonly #batches: AsyncGenerator<PlaceBatch, void>;
  #batch: PlaceBatch | undefined;
  #at = 0;

  constructor({ partition, boundary, open }: PlaceSource, oldestFirst: boolean) {
    this.#partition = partition;
    const end = oldestFirst ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
    this.place = { time: boundary, partition: end, position: end };
    this.#batches = open();
  }

  /** Goes to the next place of the batch. @return whether there is one */
  step(): boolean {
    this.#at += 1;
    return this.#show();
  }

  /** Goes to the first place of the next batch. @return false at the end of the source */
  async refill(): Promise<boolean> {
    const { value } = await this.#batches.next();
    this.#batch = value ?? undefined;
    this.#at = 0;
    this.isExact = true;
    return this.#show();
  }

  #show(): boolean {
    const time = this.#batch?.times[this.#at];
    const position = this.#batch?.positions[this.#at];
    if (time === undefined || position === undefined) {
      return false;
    }
    this.place = { time, partition: this.#partition, position };
    return true;
  }
}
