import { beforeEach, describe, expect, test } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { keptFor } from "../../../shared/api/kept-value.ts";

describe("a kept value", () => {
  let clock: MemoryClock;
  let readings: number;
  let fails: boolean;
  let value: () => Promise<number>;
  beforeEach(() => {
    clock = new MemoryClock(0);
    readings = 0;
    fails = false;
    value = keptFor(clock, 1_000, async () => {
      readings += 1;
      if (fails) throw new Error(`reading ${readings} failed`);
      return readings;
    });
  });

  test("is read once in its lifetime, and again after it", async () => {
    const first = [await value(), await value()];
    clock.advance(999);
    const late = await value();
    clock.advance(1);

    expect([...first, late, await value()]).toEqual([1, 1, 1, 2]);
  });

  test("is read once for all who ask meanwhile", async () => {
    expect(await Promise.all([value(), value(), value()])).toEqual([1, 1, 1]);
  });

  test("that could not be read is read again for the next who asks", async () => {
    fails = true;
    await expect(value()).rejects.toThrow("reading 1 failed");
    fails = false;

    expect(await value()).toBe(2);
  });
});
