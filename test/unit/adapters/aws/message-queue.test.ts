import { S3Client } from "@aws-sdk/client-s3";
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { s3BlockObjects } from "../../../../shared/adapters/aws/block-objects.ts";
import { makeBlockStore } from "../../../../shared/adapters/aws/block-store.ts";
import { sqsMessageQueue } from "../../../../shared/adapters/aws/message-queue.ts";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";

const sqs = mockClient(SQSClient);
const QUEUE = { name: "log-files", queueUrl: "https://q", deadLetterUrl: "https://dead", maxReceives: 2 };
const ANY = { messages: 10, bytes: 1_000_000 };

beforeEach(() => {
  sqs.reset();
  sqs.onAnyCommand().resolves({});
});

function queue() {
  return sqsMessageQueue(
    new SQSClient({}),
    makeBlockStore(s3BlockObjects(new S3Client({}), "blocks")),
    new MemoryClock(0),
    QUEUE,
  );
}

function received(name: string, body: string, receives = 1) {
  const Attributes = { ApproximateReceiveCount: String(receives), SentTimestamp: "5" };
  return { MessageId: name, ReceiptHandle: `receipt-${name}`, Body: body, Attributes };
}

const base64 = (bytes: number) => Buffer.alloc(bytes).toString("base64");

describe("receiving", () => {
  it("a message that cannot be decoded does not keep others from their consumer", async () => {
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: [received("bad", "<xml/>"), received("good", "QQ==")] })
      .resolves({});

    const messages = await queue().receive(ANY, 60_000);

    expect(messages.map(({ id, body }) => [id, body.toString()])).toEqual([
      ["bad", "<xml/>"],
      ["good", "A"],
    ]);
  });

  it("messages beyond the limit of bytes are given back at once", async () => {
    const bodies = [60, 30, 20].map((bytes, index) => received(`${index}`, base64(bytes)));
    sqs.on(ReceiveMessageCommand).resolvesOnce({ Messages: bodies }).resolves({});

    const messages = await queue().receive({ messages: 10, bytes: 100 }, 60_000);

    expect(messages.map(({ body }) => body.length)).toEqual([60, 30]);
    const [call] = sqs.commandCalls(ChangeMessageVisibilityBatchCommand);
    expect(call?.args[0].input.Entries).toEqual([
      { Id: "0", ReceiptHandle: "receipt-2", VisibilityTimeout: 0 },
    ]);
  });
});

describe("giving back", () => {
  it("a message that was received too often goes to the dead letters as it came, before it is deleted", async () => {
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: [received("bad", "<xml/>", 2)] })
      .resolves({});
    const target = queue();
    const messages = await target.receive(ANY, 60_000);

    await target.retry(messages, 0, "broken \u0000 block");

    const [, sent, deleted] = sqs.calls().slice(-3);
    expect(sent?.args[0].input).toMatchObject({
      QueueUrl: "https://dead",
      Entries: [
        {
          MessageBody: "<xml/>",
          MessageAttributes: {
            reason: { StringValue: "broken \uFFFD block" },
            letterId: { StringValue: "bad" },
          },
        },
      ],
    });
    expect(deleted?.args[0].input).toMatchObject({ QueueUrl: "https://q" });
  });

  it("a message that the dead letters do not take stays in its queue", async () => {
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: [received("a", "QQ==", 2)] })
      .resolves({});
    sqs.on(SendMessageBatchCommand).rejects(new Error("AccessDenied"));
    const target = queue();
    const messages = await target.receive(ANY, 60_000);

    await expect(target.retry(messages, 0, "no")).rejects.toThrow("AccessDenied");

    expect(sqs.commandCalls(DeleteMessageBatchCommand)).toHaveLength(0);
  });

  it("a receipt that has ended is no error: the message is somebody else's", async () => {
    const stale = { Id: "0", Code: "ReceiptHandleIsInvalid", Message: "", SenderFault: true };
    sqs.on(DeleteMessageBatchCommand).resolves({ Failed: [stale] });
    sqs
      .on(ReceiveMessageCommand)
      .resolvesOnce({ Messages: [received("a", "QQ==")] })
      .resolves({});
    const target = queue();

    await target.delete(await target.receive(ANY, 60_000));

    expect(sqs.commandCalls(DeleteMessageBatchCommand)).toHaveLength(1);
  });
});

describe("sending", () => {
  it("messages that SQS refused for no fault of ours are sent again, the others are not", async () => {
    const busy = { Id: "1", Code: "InternalError", Message: "", SenderFault: false };
    sqs
      .on(SendMessageBatchCommand)
      .resolvesOnce({ Failed: [busy] })
      .resolves({});

    await queue().send(["a", "b"].map((text) => Buffer.from(text)));

    const bodies = sqs
      .commandCalls(SendMessageBatchCommand)
      .map(({ args }) => args[0].input.Entries?.map(({ MessageBody }) => MessageBody));
    expect(bodies).toEqual([["YQ==", "Yg=="], ["Yg=="]]);
  });

  it("a message that stays refused is an error", async () => {
    const busy = { Id: "0", Code: "InternalError", Message: "", SenderFault: false };
    sqs.on(SendMessageBatchCommand).resolves({ Failed: [busy] });

    await expect(queue().send([Buffer.from("a")])).rejects.toThrow("InternalError");
  });
});
