import type { PackedBlock } from "../event/block.ts";

/** Where accepted blocks go: one durable publication, a copy for each destination that the block names. */
export interface ActivityTopic {
  /**
   * Resolves when every block is durable for every one of its destinations. Rejects if any is not: the
   * caller's records are then not accepted, though some blocks may be delivered all the same.
   */
  publish(blocks: readonly PackedBlock[]): Promise<void>;
}
