import type { ConditionalRow, KeyRange, NewRow, OrderedStore, StoredRow } from "../../ports/ordered-store.ts";

/** An ordered store that lives as long as the process. Every method takes effect at once, when it is called. */
export class MemoryOrderedStore implements OrderedStore {
  readonly #spaces = new Map<string, Map<number, Buffer>>();
  readonly #counters = new Map<string, number>();

  /** How many rows there are. */
  get rows(): number {
    return [...this.#spaces.values()].reduce((sum, space) => sum + space.size, 0);
  }

  async get(space: string, key: number): Promise<Buffer | undefined> {
    return this.#space(space).get(key);
  }

  async getMany(space: string, keys: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
    const rows = this.#space(space);
    return new Map(
      keys.flatMap((key) => {
        const value = rows.get(key);
        return value === undefined ? [] : [[key, value] as const];
      }),
    );
  }

  async range(space: string, { from, to, reverse = false, limit }: KeyRange): Promise<readonly StoredRow[]> {
    const keys = [...this.#space(space).keys()].filter((key) => key >= from && key <= to);
    keys.sort((one, other) => (reverse ? other - one : one - other));
    return keys.slice(0, limit).map((key) => ({
      space,
      key,
      value: this.#space(space).get(key) as Buffer,
    }));
  }

  async stage(rows: readonly NewRow[]): Promise<void> {
    for (const { space, key, value } of rows) {
      this.#space(space).set(key, Buffer.from(value));
    }
  }

  async commit(rows: readonly NewRow[], last: NewRow | ConditionalRow): Promise<boolean> {
    const there = this.#space(last.space).get(last.key);
    const holds =
      !("expected" in last) ||
      (last.expected === undefined ? there === undefined : there?.equals(last.expected) === true);
    if (holds) {
      this.stage([...rows, last]);
    }
    return holds;
  }

  async increment(space: string, key: number, by: number): Promise<number> {
    const name = `${space} ${key}`;
    const value = (this.#counters.get(name) ?? 0) + by;
    this.#counters.set(name, value);
    return value;
  }

  async delete(space: string, keys: readonly number[]): Promise<void> {
    for (const key of keys) {
      this.#space(space).delete(key);
    }
  }

  async discard(space: string, { from, to }: KeyRange): Promise<void> {
    for (const key of [...this.#space(space).keys()]) {
      if (key >= from && key <= to) {
        this.#space(space).delete(key);
      }
    }
  }

  #space(name: string): Map<number, Buffer> {
    const known = this.#spaces.get(name);
    if (known !== undefined) {
      return known;
    }
    const made = new Map<number, Buffer>();
    this.#spaces.set(name, made);
    return made;
  }
}
