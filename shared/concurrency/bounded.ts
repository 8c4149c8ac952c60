/**
 * Runs `task` over items, at most `atOnce` at a time. Items are taken from the iterable only when there is
 * room, so a generator is never ahead of the tasks. The first task that throws ends it: tasks catch their own.
 */
export async function forEachBounded<Item>(
  items: Iterable<Item>,
  atOnce: number,
  task: (item: Item) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.iterator]();
  const runLane = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done; next = iterator.next()) {
      await task(next.value);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, runLane));
}
