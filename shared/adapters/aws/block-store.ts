import { createHash } from "node:crypto";
import { decodeActivityMessage, encodeBlock, encodeBlockKey, encodedLength } from "./activity-message.ts";
import type { BlockObjects } from "./block-objects.ts";

/** Turns blocks into message texts and back. */
export interface BlockStore {
  /** A text of at most `maxBytes` that carries the block; one that does not fit is stored, durably, beside. */
  toMessage(block: Buffer, maxBytes: number): Promise<string>;
  /** The block that a message carries or names. @throws UndecodableMessage, or S3's error */
  fromMessage(text: string): Promise<Buffer>;
}

/**
 * Keeps blocks that do not fit a message in a bucket of OpenTrail's own, under the hash of their bytes: a block
 * that is stored again is the same object. Messages name the key alone, so that nobody who can send a message
 * chooses the bucket. The bucket's lifecycle removes blocks when no queue can hold their message any more (after
 * more than the 14 days of a queue and the 14 of its dead letters).
 */
export function makeBlockStore(objects: BlockObjects): BlockStore {
  return {
    async toMessage(block, maxBytes) {
      if (encodedLength(block.length) <= maxBytes) return encodeBlock(block);
      const key = `blocks/${createHash("sha256").update(block).digest("hex")}`;
      await objects.put(key, block);
      return encodeBlockKey(key);
    },
    async fromMessage(text) {
      const message = decodeActivityMessage(text);
      return "block" in message ? message.block : objects.get(message.blockKey);
    },
  };
}
