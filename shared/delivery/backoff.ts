import type { Clock } from "../ports/clock.ts";

/** How often and how patiently something is tried. */
export interface Backoff {
  /** Tries in all, the first one included. */
  readonly tries: number;
  /** Wait before the second try, in milliseconds. It doubles from try to try. */
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
}

/** Waits before a try, between half and all of its doubled wait, so that workers that failed together part. */
export async function waitBeforeTry(clock: Clock, backoff: Backoff, tryNumber: number): Promise<void> {
  const wait = Math.min(backoff.firstWaitMs * 2 ** (tryNumber - 2), backoff.longestWaitMs);
  await clock.sleep(wait * (0.5 + Math.random() / 2));
}
