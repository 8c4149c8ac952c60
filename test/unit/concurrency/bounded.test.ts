import { expect, it } from "vitest";
import { forEachBounded } from "../../../shared/concurrency/bounded.ts";

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

it("no more tasks run at once than allowed, and items are not taken before there is room", async () => {
  let running = 0;
  let most = 0;
  let taken = 0;
  function* items(): Generator<number> {
    for (; taken < 10; ) {
      taken += 1;
      expect(taken - done).toBeLessThanOrEqual(3);
      yield taken;
    }
  }
  let done = 0;

  await forEachBounded(items(), 3, async () => {
    running += 1;
    most = Math.max(most, running);
    await nextTurn();
    running -= 1;
    done += 1;
  });

  expect(most).toBe(3);
  expect(done).toBe(10);
});
