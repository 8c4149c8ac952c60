import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, describe, expect, it } from "vitest";
import { sqsDeadLetters } from "../../../../shared/adapters/aws/dead-letters.ts";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";

const sqs = mockClient(SQSClient);
const QUEUE = { name: "history", queueUrl: "https://sqs/history", deadLetterUrl: "https://sqs/history-dead" };
const NO_BLOCKS = { toMessage: async () => "", fromMessage: async () => Buffer.alloc(0) };
const CALL_MS = 1_000;

describe("sending all dead letters of SQS again", () => {
  let clock: MemoryClock;
  beforeEach(() => {
    clock = new MemoryClock(0);
    sqs.reset();
    sqs.on(GetQueueAttributesCommand).resolves({ Attributes: { ApproximateNumberOfMessages: "25" } });
    sqs.on(ReceiveMessageCommand).callsFake(() => {
      clock.advance(CALL_MS);
      return { Messages: Array.from({ length: 10 }, (_, id) => ({ MessageId: `${id}`, Body: "letter" })) };
    });
    sqs.on(SendMessageBatchCommand).resolves({});
    sqs.on(DeleteMessageCommand).resolves({});
  });

  const sendAllAgain = (forMs: number) =>
    sqsDeadLetters(new SQSClient({}), NO_BLOCKS, clock, [QUEUE]).sendAllAgain(forMs);

  it("begins nothing more when its time is over", async () => {
    expect(await sendAllAgain(2 * CALL_MS)).toBe(20);
    expect(sqs.commandCalls(ReceiveMessageCommand)).toHaveLength(2);
  });

  it("ends when as many are sent as there were, since more are letters that failed again", async () => {
    expect(await sendAllAgain(60_000)).toBe(30);
  });

  it("deletes no letter that its queue did not take", async () => {
    sqs.on(SendMessageBatchCommand).rejects(new Error("AccessDenied"));

    await expect(sendAllAgain(60_000)).rejects.toThrow("AccessDenied");
    expect(sqs.commandCalls(DeleteMessageCommand)).toHaveLength(0);
  });
});
