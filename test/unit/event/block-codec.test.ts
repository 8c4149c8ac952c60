import { zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ActivityBlock } from "../../../shared/event/block.ts";
import { InvalidBlock, MAX_BLOCK_BYTES, packBlock, unpackBlock } from "../../../shared/event/block-codec.ts";

const block: Omit<ActivityBlock, "id"> = {
  acceptedAt: Date.parse("2026-01-02T03:04:05Z"),
  accountId: "111122223333",
  origin: "api",
  groups: [{ recipientAccountId: "111122223333", awsRegion: "eu-west-1", kind: "management" }],
  groupOf: [0, 0],
  eventTimes: [1, 2],
  lengths: [2, 9],
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
  text: Buffer.from('{},{"é":"x"}'.slice(0, 12)),
};

describe("activity blocks", () => {
  test("come back as they were packed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.json()), async (texts) => {
        const lengths = texts.map((text) => Buffer.byteLength(text));
        const sent = { ...block, lengths, text: Buffer.from(texts.join(",")) };

        const packed = await packBlock(sent, ["log-files"]);
        const { id, ...received } = await unpackBlock(packed.body);

        expect(id).toBe(packed.id);
        expect({ ...received, nonce: undefined }).toEqual({ ...sent, nonce: undefined });
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

  test("a cut block, plain text, an empty message and a bomb are invalid blocks", async () => {
    const { body } = await packBlock(block, ["log-files"]);
    const bomb = zstdCompressSync(Buffer.alloc(MAX_BLOCK_BYTES + 1));

    for (const bytes of [body.subarray(0, -5), Buffer.from("hello"), Buffer.alloc(0), bomb]) {
      await expect(unpackBlock(bytes)).rejects.toThrow(InvalidBlock);
    }
  });

  test("a frame that holds something else is an invalid block", async () => {
    for (const content of [
      "OTB1",
      "OTB2xxxxxxxx",
      "OTB1\u0002\0\0\0{}",
      "OTB1\u0003\0\0\0{]}",
      'OTB1\u000e\0\0\0{"lengths":[5]}',
    ]) {
      await expect(unpackBlock(zstdCompressSync(Buffer.from(content)))).rejects.toThrow(InvalidBlock);
    }
  });
});
