import type { SQSRecord } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type { BlockStore } from "../../../../shared/adapters/aws/block-store.ts";
import { batchResponse, deliverBatch, eventMessages } from "../../../../shared/adapters/aws/sqs-batch.ts";
import type { DeliveryMessage } from "../../../../shared/delivery/batch.ts";

/** Blocks are their messages' texts; `lost` cannot be had. */
const blocks: BlockStore = {
  toMessage: async (block) => block.toString(),
  fromMessage: async (text) => {
    if (text === "lost") throw new Error("NoSuchKey");
    return Buffer.from(text);
  },
};

function sqsRecord(messageId: string, body: string): SQSRecord {
  return { messageId, body, eventSource: "aws:sqs" } as SQSRecord;
}

describe("delivering an SQS batch", () => {
  it("a message whose block cannot be had fails by itself, and the counts still balance", async () => {
    const handed: DeliveryMessage[] = [];

    const report = await deliverBatch(
      [sqsRecord("a", "one"), sqsRecord("b", "lost"), sqsRecord("c", "three")],
      blocks,
      async (messages) => {
        handed.push(...messages);
        const failed = new Map([["c", new Error("SlowDown")]]);
        return { failed, counts: { received: 8, delivered: 4, skipped: { "too-large": 1 }, failed: 3 } };
      },
      () => 60_000,
    );

    expect(handed.map(({ id, body }) => [id, body.toString()])).toEqual([
      ["a", "one"],
      ["c", "three"],
    ]);
    expect([...report.failed].map(([id, error]) => [id, error.message])).toEqual([
      ["b", "NoSuchKey"],
      ["c", "SlowDown"],
    ]);
    expect(report.counts).toEqual({ received: 9, delivered: 4, skipped: { "too-large": 1 }, failed: 4 });
  });

  it("blocks that say that they inflate to more than memory has room for are delivered one after another", async () => {
    const handed: (readonly string[])[] = [];
    const large = Buffer.from("OTB1\0\0\0\x02").toString("latin1");

    const report = await deliverBatch(
      ["a", "b", "c", "d"].map((id) => sqsRecord(id, id < "d" ? large : "small")),
      blocks,
      async (messages) => {
        handed.push(messages.map(({ id }) => id));
        return {
          failed: new Map(),
          counts: { received: 2, delivered: 1, skipped: { "too-old": 1 }, failed: 0 },
        };
      },
      () => 60_000,
    );

    expect(handed).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
    expect(report).toEqual({
      failed: new Map(),
      counts: { received: 4, delivered: 2, skipped: { "too-old": 2 }, failed: 0 },
    });
  });

  it("what an invocation has no time left for comes again, and is counted", async () => {
    const large = Buffer.from("OTB1\0\0\0\x03").toString("latin1");
    let remainingMs = 60_000;

    const report = await deliverBatch(
      ["a", "b", "c", "d"].map((id) => sqsRecord(id, large)),
      blocks,
      async ([{ id } = { id: "" }]) => {
        remainingMs -= 25_000;
        const failed = new Map(id === "a" ? [[id, new Error("SlowDown")]] : []);
        return { failed, counts: { received: 9, delivered: 0, skipped: {}, failed: 9 } };
      },
      () => remainingMs,
    );

    expect([...report.failed].map(([id, { name }]) => [id, name])).toEqual([
      ["a", "Error"],
      ["b", "NoTimeLeft"],
      ["c", "NoTimeLeft"],
      ["d", "NoTimeLeft"],
    ]);
    expect(report.counts).toEqual({ received: 12, delivered: 0, skipped: {}, failed: 12 });
  });

  it("Lambda is told the failed messages and no others", () => {
    const failed = new Map([["b", new Error("no")]]);

    expect(batchResponse(failed)).toEqual({ batchItemFailures: [{ itemIdentifier: "b" }] });
    expect(batchResponse(new Map())).toEqual({ batchItemFailures: [] });
  });
});

describe("telling an SQS batch from other payloads", () => {
  it("an SQS batch gives its messages", () => {
    const messages = eventMessages({ Records: [sqsRecord("a", "text")] });

    expect(messages).toEqual([{ id: "a", body: Buffer.from("text") }]);
  });

  it.each([
    [{ Records: [] }],
    [{ Records: [{ eventSource: "sqs.amazonaws.com", eventName: "CreateQueue" }] }],
    [{ Records: [sqsRecord("a", "text"), { eventSource: "sqs.amazonaws.com" }] }],
    [[sqsRecord("a", "text")]],
    [null],
  ])("%j is none", (payload) => {
    expect(eventMessages(payload)).toBeUndefined();
  });
});
