import type { ConditionalRow, NewRow, OrderedStore } from "../../../shared/ports/ordered-store.ts";

/** What a process dies of in the middle of its work. */
export class Crash extends Error {
  override readonly name = "Crash";
}

/** A store whose `last`th write, and every later one, does not happen, or not whole: what was staged may be there in part. */
export function failingStore(store: OrderedStore, last: number): OrderedStore {
  let writes = 0;
  const dies = (): boolean => {
    writes += 1;
    return writes >= last;
  };
  return {
    get: (space, key) => store.get(space, key),
    getMany: (space, keys) => store.getMany(space, keys),
    range: (space, range) => store.range(space, range),
    async stage(rows: readonly NewRow[]) {
      if (dies()) {
        await store.stage(rows.slice(0, rows.length / 2));
        throw new Crash();
      }
      await store.stage(rows);
    },
    async commit(rows: readonly NewRow[], one: NewRow | ConditionalRow) {
      if (dies()) {
        // Where writes are no transaction, some may be there without the last.
        await store.stage(rows.slice(0, rows.length / 2));
        throw new Crash();
      }
      return store.commit(rows, one);
    },
    async increment(space, key, by) {
      if (by !== 0 && dies()) {
        throw new Crash();
      }
      return store.increment(space, key, by);
    },
    async delete(space, keys) {
      if (dies()) {
        await store.delete(space, keys.slice(0, keys.length / 2));
        throw new Crash();
      }
      await store.delete(space, keys);
    },
    async discard(space, ranges) {
      if (dies()) {
        throw new Crash();
      }
      await store.discard(space, ranges);
    },
  };
}
