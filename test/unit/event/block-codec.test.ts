import { zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { BlockDraft } from "../../../shared/event/block.ts";
import { InvalidBlock, MAX_BLOCK_BYTES, packBlock, unpackBlock } from "../../../shared/event/block-codec.ts";

const block: BlockDraft = {
  acceptedAt: Date.parse("2026-01-02T03:04:05Z"),
  accountId: "111122223333",
  origin: "api",
  groups: [{ recipientAccountId: "111122223333", awsRegion: "eu-west-1", kind: "management" }],
  groupOf: [0, 0],
  eventTimes: [1, 2],
  trails: [
    {
      destination: {
        trailArn: "arn:aws:cloudtrail:eu-west-1:111122223333:trail/all",
        accountId: "111122223333",
        homeRegion: "eu-west-1",
        name: "all",
        s3BucketName: "logs",
      },
      positions: [0, 2],
    },
  ],
  texts: [Buffer.from("{}"), Buffer.from('{"é":"x"}')],
};

describe("activity blocks", () => {
  test("come back as they were packed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.json()), async (texts) => {
        const sent = { ...block, texts: texts.map((text) => Buffer.from(text)) };

        const packed = await packBlock(sent, ["log-files"]);
        const received = await unpackBlock(packed.body);

        const { texts: _, ...columns } = sent;
        expect(received).toMatchObject({ ...columns, id: packed.id });
        expect(received.text.toString()).toBe(texts.join(","));
        expect(received.lengths).toEqual(sent.texts.map((text) => text.length));
      }),
      { numRuns: 30 },
    );
  });

  test("two equal calls make two blocks", async () => {
    const [first, second] = await Promise.all([packBlock(block, []), packBlock(block, [])]);

    expect(first.id).not.toBe(second.id);
  });

  test("any changed byte is noticed: it is no block, or one with another id", async () => {
    const { id, body } = await packBlock(block, ["log-files"]);

    for (let at = 0; at < body.length; at += 1) {
      const changed = Buffer.from(body);
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      const outcome = await unpackBlock(changed).then(
        (read) => read.id,
        (error) => error,
      );

      expect(outcome instanceof InvalidBlock || outcome !== id).toBe(true);
    }
  });

  test("a cut block, plain text and an empty message are invalid blocks", async () => {
    const { body } = await packBlock(block, ["log-files"]);

    for (const bytes of [body.subarray(0, -5), body.subarray(0, 8), Buffer.from("hello"), Buffer.alloc(0)]) {
      await expect(unpackBlock(bytes)).rejects.toThrow(InvalidBlock);
    }
  });

  test("a bomb is not inflated, whether it tells its length or not", async () => {
    const bomb = Buffer.alloc(MAX_BLOCK_BYTES + 1);

    await expect(unpackBlock(framed(bomb))).rejects.toThrow(/says that it holds/);
    await expect(unpackBlock(framed(bomb, 1000))).rejects.toThrow(/of its length/);
  });

  test.each([
    ["nothing", ""],
    ["no header", "\u0002\0\0\0"],
    ["a header that is no JSON", "\u0003\0\0\0{]}"],
    ["a header without columns", "\u0002\0\0\0{}"],
    ["less text than its header says", '\u000e\0\0\0{"lengths":[5]}'],
  ])("a frame that holds %s is an invalid block", async (_, content) => {
    await expect(unpackBlock(framed(Buffer.from(content)))).rejects.toThrow(InvalidBlock);
  });
});

function framed(content: Buffer, length = content.length): Buffer {
  const said = Buffer.alloc(4);
  said.writeUInt32LE(length);
  return Buffer.concat([Buffer.from("OTB1"), said, zstdCompressSync(content)]);
}
