import type { Clock } from "../../ports/clock.ts";

/** An entry of a batch call that was refused, as SNS and SQS tell it. */
export interface RefusedEntry {
  readonly Id: string | undefined;
  readonly Code: string | undefined;
  readonly Message?: string | undefined;
  /** True when sending the same entry again cannot help. */
  readonly SenderFault: boolean | undefined;
}

/** Calls for one batch, while the service refuses some of its entries. */
const MAX_ATTEMPTS = 5;

/**
 * Sends a batch whose entries may fail one by one, and sends again those that were refused for no fault of ours.
 * @param send calls the service with entries and answers its list `Failed`
 * @throws Error that names the code, when an entry is still refused
 */
export async function sendBatch<E extends { readonly Id: string }>(
  clock: Clock,
  entries: readonly E[],
  send: (entries: E[]) => Promise<readonly RefusedEntry[]>,
): Promise<void> {
  let waiting = [...entries];
  for (let attempt = 1; waiting.length > 0; attempt++) {
    if (attempt > 1) await clock.sleep(50 * 2 ** attempt * Math.random());
    const refused = await send(waiting);
    const [first] = refused;
    if (first === undefined) return;
    if (attempt === MAX_ATTEMPTS || refused.some(({ SenderFault }) => SenderFault)) {
      throw new Error(
        `${refused.length} of ${entries.length} messages were refused: ${first.Code}: ${first.Message}`,
      );
    }
    const ids = new Set(refused.map(({ Id }) => Id));
    waiting = waiting.filter(({ Id }) => ids.has(Id));
  }
}
