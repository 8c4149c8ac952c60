import type { Clock } from "../ports/clock.ts";

/**
 * Reads a value, and answers it again until it is `lifetimeMs` old. Who asks while it is being read waits for that reading;
 * a reading that failed is not kept.
 */
export function keptFor<T>(
  clock: Pick<Clock, "now">,
  lifetimeMs: number,
  read: () => Promise<T>,
): () => Promise<T> {
  let kept: { readonly value: Promise<T>; readonly until: number } | undefined;
  return () => {
    if (kept !== undefined && clock.now() < kept.until) return kept.value;
    const reading = { value: read(), until: clock.now() + lifetimeMs };
    kept = reading;
    reading.value.catch(() => {
      if (kept === reading) kept = undefined;
    });
    return reading.value;
  };
}
