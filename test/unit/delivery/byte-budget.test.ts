import { expect, it } from "vitest";
import { ByteBudget } from "../../../shared/delivery/byte-budget.ts";

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

it("bytes held at once stay within the budget, in the order in which they were asked for", async () => {
  const budget = new ByteBudget(10);
  const order: number[] = [];
  let held = 0;
  const hold = (bytes: number): Promise<void> =>
    budget.hold(bytes, async () => {
      held += bytes;
      order.push(bytes);
      expect(held).toBeLessThanOrEqual(Math.max(10, bytes));
      await nextTurn();
      held -= bytes;
    });

  await Promise.all([6, 5, 1, 25, 4].map(hold));

  expect(order).toEqual([6, 5, 1, 25, 4]);
});

it("a task that throws gives its bytes back", async () => {
  const budget = new ByteBudget(10);
  const failing = budget.hold(10, async () => {
    throw new Error("no");
  });

  const next = budget.hold(10, async () => "done");

  await expect(failing).rejects.toThrow("no");
  expect(await next).toBe("done");
});
