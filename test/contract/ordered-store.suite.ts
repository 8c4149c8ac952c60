import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { OrderedStore } from "../../shared/ports/ordered-store.ts";

/** An ordered store of an adapter, empty, for one test. */
interface StoreFixture {
  readonly store: OrderedStore;
  close(): Promise<void>;
}

const LAST_KEY = 2 ** 44 - 1;

/** What every ordered store does. */
export function describeOrderedStoreContract(adapter: string, open: () => Promise<StoreFixture>): void {
  describe(`ordered store (${adapter})`, () => {
    let fixture: StoreFixture;
    let store: OrderedStore;

    beforeEach(async () => {
      fixture = await open();
      store = fixture.store;
    });

    afterEach(() => fixture.close());

    it("a row that was staged is read by its space and key", async () => {
      await store.stage([row("a", 1, "one"), row("b", 1, "other")]);

      expect(String(await store.get("a", 1))).toBe("one");
      expect(String(await store.get("b", 1))).toBe("other");
    });

    it("a row that is not there is undefined, in a space that is not there too", async () => {
      await store.stage([row("a", 1, "one")]);

      expect(await store.get("a", 2)).toBeUndefined();
      expect(await store.get("b", 1)).toBeUndefined();
      expect(await store.range("b", { from: 0, to: LAST_KEY })).toEqual([]);
    });

    it("a row that is written again is replaced", async () => {
      await store.stage([row("a", 1, "one")]);

      await store.stage([row("a", 1, "two")]);

      expect(String(await store.get("a", 1))).toBe("two");
    });

    it("an empty value is a value", async () => {
      await store.stage([row("a", 1, "")]);

      expect(await store.get("a", 1)).toEqual(Buffer.alloc(0));
    });

    it("a value of a mebibyte comes back as it was", async () => {
      const value = Buffer.alloc(1024 * 1024, "0123456789");

      await store.commit([{ space: "a", key: 1, value }], { space: "a", key: 2, value });

      expect((await store.get("a", 1))?.equals(value)).toBe(true);
      const rows = await store.range("a", { from: 0, to: 9 });
      expect(rows.map(({ key, value: read }) => [key, read.equals(value)])).toEqual([
        [1, true],
        [2, true],
      ]);
    });

    it("many rows are read at once, those that do not exist left out", async () => {
      await store.stage(Array.from({ length: 230 }, (_, key) => row("a", key, `value ${key}`)));

      const rows = await store.getMany(
        "a",
        Array.from({ length: 240 }, (_, index) => index + 5),
      );

      expect(rows.size).toBe(225);
      expect(String(rows.get(229))).toBe("value 229");
    });

    it("a range has the keys within it, in order, up to the largest keys there are", async () => {
      const keys = [0, 7, 2 ** 31, 2 ** 32 + 1, 2 ** 43, LAST_KEY];
      await store.stage([...keys].reverse().map((key) => row("a", key, String(key))));
      await store.stage([row("b", 8, "another space")]);

      const all = await store.range("a", { from: 0, to: LAST_KEY });
      const some = await store.range("a", { from: 7, to: 2 ** 32 + 1 });

      expect(all.map(({ key }) => key)).toEqual(keys);
      expect(all.map(({ value }) => String(value))).toEqual(keys.map(String));
      expect(some.map(({ key }) => key)).toEqual([7, 2 ** 31, 2 ** 32 + 1]);
    });

    it("a range can be read from its end, and cut off", async () => {
      await store.stage([1, 2, 3, 4].map((key) => row("a", key, String(key))));

      const last = await store.range("a", { from: 0, to: 3, reverse: true, limit: 2 });

      expect(last.map(({ key }) => key)).toEqual([3, 2]);
    });

    it("a commit writes its rows and the last one", async () => {
      const done = await store.commit([row("a", 1, "one"), row("a", 2, "two")], row("b", 1, "last"));

      expect(done).toBe(true);
      expect(String(await store.get("a", 2))).toBe("two");
      expect(String(await store.get("b", 1))).toBe("last");
    });

    it("a condition on a row that is not there holds once", async () => {
      const first = await store.commit([], { ...row("a", 1, "one"), expected: undefined });
      const second = await store.commit([], { ...row("a", 1, "two"), expected: undefined });

      expect([first, second]).toEqual([true, false]);
      expect(String(await store.get("a", 1))).toBe("one");
    });

    it("a condition on a row's value holds as long as nobody replaced it", async () => {
      await store.stage([row("a", 1, "one")]);

      const first = await store.commit([], { ...row("a", 1, "two"), expected: Buffer.from("one") });
      const second = await store.commit([], { ...row("a", 1, "three"), expected: Buffer.from("one") });

      expect([first, second]).toEqual([true, false]);
      expect(String(await store.get("a", 1))).toBe("two");
    });

    it("a counter starts at 0 and answers each sum once", async () => {
      const sums = await Promise.all([1, 1, 1].map((by) => store.increment("a", 1, by)));
      const far = await store.increment("a", 1, 1_000_000);

      expect(sums.sort()).toEqual([1, 2, 3]);
      expect(far).toBe(1_000_003);
    });

    it("counters of other keys and spaces are others", async () => {
      await store.increment("a", 1, 5);

      expect(await store.increment("a", 2, 1)).toBe(1);
      expect(await store.increment("b", 1, 0)).toBe(0);
    });

    it("rows that were deleted are gone, and only they", async () => {
      await store.stage([1, 2, 3].map((key) => row("a", key, String(key))));
      await store.stage([row("b", 1, "stays")]);

      await store.delete("a", [1, 3, 99]);

      expect((await store.range("a", { from: 0, to: 9 })).map(({ key }) => key)).toEqual([2]);
      expect(String(await store.get("b", 1))).toBe("stays");
    });

    it("rows outside a discarded range stay", async () => {
      await store.stage([1, 2, 3, 4].map((key) => row("a", key, String(key))));

      await store.discard("a", { from: 2, to: 3 });

      const rows = await store.range("a", { from: 0, to: 9 });
      expect(rows.map(({ key }) => key)).toEqual(expect.arrayContaining([1, 4]));
    });
  });
}

function row(space: string, key: number, value: string) {
  return { space, key, value: Buffer.from(value) };
}
