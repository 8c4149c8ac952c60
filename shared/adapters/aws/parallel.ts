/** Runs an action for every item, at most `limit` at one time. Rejects with the first error, when all have ended. */
export async function inParallel<T>(
  limit: number,
  items: readonly T[],
  action: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const errors: unknown[] = [];
  async function work(): Promise<void> {
    for (const item of waiting) {
      if (errors.length > 0) return;
      try {
        await action(item);
      } catch (error) {
        errors.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (errors.length > 0) throw errors[0];
}
