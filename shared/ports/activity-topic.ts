import type { PackedBlock } from "../event/block.ts";

/** The topic could not make the blocks durable (its disk is full, its service does not answer). Later calls may succeed. */
export class TopicUnavailable extends Error {
  override readonly name = "TopicUnavailable";
}

/** Where accepted blocks go: one durable publication, a copy for each destination that the block names. */
export interface ActivityTopic {
  /**
   * Resolves when every block is durable for every one of its destinations. Rejects if any is not: the
   * caller's records are then not accepted, though some blocks may be delivered all the same.
   * @param blocks their bodies are the topic's from now on, which may give their memory back
   * @throws TopicUnavailable
   */
  publish(blocks: readonly PackedBlock[]): Promise<void>;
}
