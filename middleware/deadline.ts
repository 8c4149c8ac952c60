/** A timer that is this late was held up by a process that was frozen, as Lambda does between two invocations. */
const FROZEN_MS = 500;

/** What is then given to an answer that may have come meanwhile. */
const GRACE_MS = 500;

/**
 * Calls `elapsed` after `ms` milliseconds in which the process ran. A frozen process that goes on fires its timers
 * before it reads its sockets: a call that was answered long ago would be given up.
 * @returns stops the timer
 */
export function startDeadline(ms: number, elapsed: () => void): () => void {
  const due = Date.now() + ms;
  let timer = setTimeout(() => {
    if (Date.now() - due < FROZEN_MS) elapsed();
    else timer = setTimeout(elapsed, GRACE_MS).unref();
  }, ms).unref();
  return () => clearTimeout(timer);
}

/** Waits for a promise that never rejects, `ms` milliseconds at most. */
export async function waitAtMost(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([promise, bound]);
  clearTimeout(timer);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));
}
