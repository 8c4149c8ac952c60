import { S3Client } from "@aws-sdk/client-s3";
import { PublishBatchCommand, type PublishBatchCommandInput, SNSClient } from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { snsActivityTopic } from "../../../../shared/adapters/aws/activity-topic.ts";
import { s3BlockObjects } from "../../../../shared/adapters/aws/block-objects.ts";
import { makeBlockStore } from "../../../../shared/adapters/aws/block-store.ts";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";
import type { PackedBlock } from "../../../../shared/event/block.ts";
import { TopicUnavailable } from "../../../../shared/ports/activity-topic.ts";

const KIB = 1024;
const sns = mockClient(SNSClient);
const s3 = mockClient(S3Client);

beforeEach(() => {
  sns.reset();
  s3.reset();
  sns.on(PublishBatchCommand).resolves({});
  s3.onAnyCommand().resolves({});
});

function topic() {
  const settings = { topicArn: "arn:aws:sns:us-east-1:111122223333:activity", maxMessageBytes: 256 * KIB };
  const blocks = makeBlockStore(s3BlockObjects(new S3Client({}), "blocks"));
  return snsActivityTopic(new SNSClient({}), blocks, new MemoryClock(0), settings);
}

function block(bytes: number): PackedBlock {
  return { id: "id", records: 1, destinations: ["log-files", "event-bus"], body: Buffer.alloc(bytes, 7) };
}

function calls(): readonly PublishBatchCommandInput[] {
  return sns.commandCalls(PublishBatchCommand).map(({ args }) => args[0].input);
}

/** What a call weighs for SNS: texts, and names, types and values of attributes. */
function weight({ PublishBatchRequestEntries = [] }: PublishBatchCommandInput): number {
  return PublishBatchRequestEntries.reduce((sum, { Message, MessageAttributes }) => {
    const attributes = Object.entries(MessageAttributes ?? {}).map(
      ([name, { DataType, StringValue }]) => `${name}${DataType}${StringValue}`,
    );
    return sum + (Message ?? "").length + attributes.join("").length;
  }, 0);
}

describe("publishing", () => {
  it("a message names its block's destinations for the subscriptions' filters", async () => {
    await topic().publish([block(3)]);

    expect(calls()[0]?.PublishBatchRequestEntries).toEqual([
      {
        Id: "0",
        Message: "BwcH",
        MessageAttributes: {
          destinations: { DataType: "String.Array", StringValue: '["log-files","event-bus"]' },
        },
      },
    ]);
  });

  it("calls have ten messages and 256 KiB at most, attributes included", async () => {
    const sizes = [...Array(25).fill(10), ...Array(7).fill(60 * KIB), 190 * KIB];

    await topic().publish(sizes.map(block));

    const counts = calls().map(({ PublishBatchRequestEntries }) => PublishBatchRequestEntries?.length ?? 0);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(sizes.length);
    expect(Math.max(...counts)).toBe(10);
    expect(Math.max(...calls().map(weight))).toBeLessThanOrEqual(256 * KIB);
    expect(s3.calls()).toHaveLength(0);
  });

  it("a block that does not fit is stored first, and the message carries its key", async () => {
    await topic().publish([block(256 * KIB)]);

    const [{ Bucket, Key } = {}] = s3.calls().map(({ args }) => args[0].input as Record<string, unknown>);
    expect(Bucket).toBe("blocks");
    expect(Key).toMatch(/^blocks\/[0-9a-f]{64}$/);
    expect(calls()[0]?.PublishBatchRequestEntries?.[0]?.Message).toBe(JSON.stringify({ blockKey: Key }));
  });

  it("messages that were refused for no fault of ours are sent again, the others are not", async () => {
    const refused = { Id: "1", Code: "InternalError", SenderFault: false };
    sns
      .on(PublishBatchCommand)
      .resolvesOnce({ Failed: [refused] })
      .resolves({});

    await topic().publish([block(1), block(2), block(3)]);

    const ids = calls().map((call) => call.PublishBatchRequestEntries?.map(({ Id }) => Id));
    expect(ids).toEqual([["0", "1", "2"], ["1"]]);
  });

  it.each([
    ["that is refused for our fault", true, 1],
    ["that is refused again and again", false, 5],
  ])("a message %s fails the publication", async (_, SenderFault, attempts) => {
    sns
      .on(PublishBatchCommand)
      .resolves({ Failed: [{ Id: "0", Code: "InvalidParameter", Message: "no", SenderFault }] });

    const publication = topic().publish([block(1)]);

    await expect(publication).rejects.toBeInstanceOf(TopicUnavailable);
    expect(calls()).toHaveLength(attempts);
  });

  it("a call that fails as a whole fails the publication with its cause", async () => {
    const cause = new Error("connect ETIMEDOUT");
    sns.on(PublishBatchCommand).rejects(cause);

    await expect(topic().publish([block(1)])).rejects.toMatchObject({ name: "TopicUnavailable", cause });
  });

  it("a block that cannot be stored fails the publication before anything is sent", async () => {
    s3.onAnyCommand().rejects(new Error("SlowDown"));

    await expect(topic().publish([block(1), block(256 * KIB)])).rejects.toBeInstanceOf(TopicUnavailable);
    expect(calls()).toEqual([]);
  });
});
