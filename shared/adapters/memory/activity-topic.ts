import type { Destination, PackedBlock } from "../../event/block.ts";
import type { ActivityTopic } from "../../ports/activity-topic.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";

/** A topic that sends each block to the queues of its destinations. */
export class MemoryActivityTopic implements ActivityTopic {
  readonly #queues: Readonly<Record<Destination, MessageQueue>>;

  constructor(queues: Readonly<Record<Destination, MessageQueue>>) {
    this.#queues = queues;
  }

  async publish(blocks: readonly PackedBlock[]): Promise<void> {
    for (const block of blocks) {
      for (const destination of block.destinations) {
        await this.#queues[destination].send([block.body]);
      }
    }
  }
}
