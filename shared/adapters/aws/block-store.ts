import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { decodeActivityMessage, encodeBlock, encodeBlockKey, encodedLength } from "./activity-message.ts";

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
export function s3BlockStore(client: S3Client, bucket: string): BlockStore {
  return {
    async toMessage(block, maxBytes) {
      if (encodedLength(block.length) <= maxBytes) return encodeBlock(block);
      const key = `blocks/${createHash("sha256").update(block).digest("hex")}`;
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: block }));
      return encodeBlockKey(key);
    },
    async fromMessage(text) {
      const message = decodeActivityMessage(text);
      if ("block" in message) return message.block;
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: message.blockKey }));
      if (Body === undefined) throw new Error(`The block ${message.blockKey} has no body`);
      return Buffer.from(await Body.transformToByteArray());
    },
  };
}
