import { SQSClient } from "@aws-sdk/client-sqs";
import type { BlockStore } from "../../adapters/aws/block-store.ts";
import { sqsDeadLetters } from "../../adapters/aws/dead-letters.ts";
import { type SqsQueueAddress, sqsQueueDepth } from "../../adapters/aws/message-queue.ts";
import { systemClock } from "../../adapters/system-clock.ts";
import type { DeadLetters, MessageQueue } from "../../ports/message-queue.ts";
import { REQUEST_LIMITS } from "./settings.ts";

/** What the endpoint asks and does of the stack's queues. */
export interface Queues {
  readonly depths: readonly Pick<MessageQueue, "name" | "depth">[];
  readonly deadLetters: DeadLetters;
}

export function openQueues(addresses: readonly SqsQueueAddress[], blocks: BlockStore): Queues {
  // The queues' own addresses name AWS, also where an emulator keeps them.
  const client = new SQSClient({ ...REQUEST_LIMITS, useQueueUrlAsEndpoint: false });
  return {
    depths: addresses.map(({ name, queueUrl }) => ({ name, depth: () => sqsQueueDepth(client, queueUrl) })),
    deadLetters: sqsDeadLetters(client, blocks, systemClock, addresses),
  };
}
