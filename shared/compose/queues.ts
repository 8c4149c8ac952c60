import type { BlockStore } from "../adapters/aws/block-store.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { keptFor } from "../api/kept-value.ts";
import type { QueueStatus } from "../api/status.ts";
import { readQueueStatus } from "../api/status-page.ts";
import type { DeadLetters } from "../ports/message-queue.ts";
import type { Environment } from "./environment.ts";
import { lazyPort } from "./lazy-port.ts";
import { once } from "./once.ts";
import { queueAddresses } from "./queue-addresses.ts";

/** For how long the depths of the queues are answered again, in ms: anybody may ask for health, and each asking costs. */
const DEPTHS_KEPT_MS = 10_000;

/** The stack's queues, as the endpoint has to do with them. */
export interface StackQueues {
  readonly deadLetters: DeadLetters;
  readonly queueStatus: () => Promise<readonly QueueStatus[]>;
}

/** @throws InvalidEnvironment */
export function composeQueues(env: Environment, blocks: BlockStore): StackQueues {
  const addresses = queueAddresses(env);
  const opened = once(async () => (await import("./endpoint-seldom.ts")).openQueues(addresses, blocks));
  const deadLetters = lazyPort(async () => (await opened()).deadLetters);
  const queueStatus = keptFor(systemClock, DEPTHS_KEPT_MS, async () =>
    readQueueStatus({ clock: systemClock, queues: (await opened()).depths, deadLetters }),
  );
  return { deadLetters, queueStatus };
}
