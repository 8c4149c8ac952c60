import { expect, test, vi } from "vitest";
import { lazyPort } from "../../../shared/compose/lazy-port.ts";
import type { Topics } from "../../../shared/ports/topics.ts";

interface Sums {
  add(one: number, other: number): Promise<number>;
  fail(): Promise<never>;
}

/** A port with state of its own, and a count of how often it was loaded. */
function countedSums() {
  let sum = 0;
  const load = vi.fn(
    async (): Promise<Sums> => ({
      async add(one, other) {
        sum += one + other;
        return sum;
      },
      async fail() {
        throw new RangeError("No sum");
      },
    }),
  );
  return { load, port: lazyPort(load) };
}

test("an adapter is loaded by the first call, once, also when several come at a time", async () => {
  const { load, port } = countedSums();
  expect(load).not.toHaveBeenCalled();

  const sums = await Promise.all([port.add(1, 2), port.add(3, 4), port.add(5, 6)]);

  expect(sums).toEqual([3, 10, 21]);
  expect(load).toHaveBeenCalledTimes(1);
});

test("an error of the adapter's is the caller's, as it is", async () => {
  await expect(countedSums().port.fail()).rejects.toThrow(RangeError);
});

test("an adapter that cannot be loaded fails the call", async () => {
  const topics = lazyPort<Topics>(async () => {
    throw new Error("No such file");
  });

  await expect(topics.publishForTrail("", "", "")).rejects.toThrow("No such file");
});

test("a port may be awaited without being loaded", async () => {
  const { load, port } = countedSums();

  await expect(Promise.resolve(port)).resolves.toBe(port);
  expect(load).not.toHaveBeenCalled();
});
