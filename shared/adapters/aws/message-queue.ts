import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Clock } from "../../ports/clock.ts";
import type { MessageQueue, QueueDepth, QueueMessage } from "../../ports/message-queue.ts";
import { type RefusedEntry, sendBatch } from "./batch-send.ts";
import { batchesOf } from "./batches.ts";
import type { BlockStore } from "./block-store.ts";
import { ENTRIES_PER_CALL, MAX_TEXT_BYTES, sendTexts, sentAtOf, textAttribute } from "./sqs-messages.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html */
const MAX_VISIBILITY_SECONDS = 12 * 60 * 60;

/** Where a queue and its dead letters are. */
export interface SqsQueueAddress {
  readonly name: string;
  readonly queueUrl: string;
  readonly deadLetterUrl: string;
}

/** What a queue's consumer needs to know of it. */
export interface SqsQueueSettings extends SqsQueueAddress {
  /** The maxReceiveCount of the queue's redrive policy. */
  readonly maxReceives: number;
}

/**
 * A queue in SQS, for consumers that poll; on AWS Lambda polls in their place. SQS has no limit of bytes for
 * a call: what was received beyond it is given back at once, and counts as received once more.
 *
 * `retry` moves a message that was received too often itself, so that the reason goes with it. A message
 * whose consumer dies is moved by the queue's own redrive policy, without a reason.
 */
export function sqsMessageQueue(
  client: SQSClient,
  blocks: BlockStore,
  clock: Clock,
  settings: SqsQueueSettings,
): MessageQueue {
  const { name, queueUrl, deadLetterUrl, maxReceives } = settings;
  const textOf = new WeakMap<QueueMessage, string>();

  async function receiveSome(count: number, visibilityMs: number): Promise<readonly QueueMessage[]> {
    const { Messages } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: Math.min(count, ENTRIES_PER_CALL),
        VisibilityTimeout: seconds(visibilityMs),
        MessageSystemAttributeNames: ["ApproximateReceiveCount", "SentTimestamp"],
      }),
    );
    return Promise.all((Messages ?? []).map(queueMessage));
  }

  async function queueMessage(sent: Message): Promise<QueueMessage> {
    const text = sent.Body ?? "";
    const message = {
      receipt: sent.ReceiptHandle ?? "",
      id: sent.MessageId ?? "",
      // What cannot be decoded must fail by itself, where the consumer unpacks it, and not keep others from it.
      body: await blocks.fromMessage(text).catch(() => Buffer.from(text)),
      receiveCount: Number(sent.Attributes?.ApproximateReceiveCount ?? 1),
      sentAt: sentAtOf(sent),
    };
    textOf.set(message, text);
    return message;
  }

  async function giveBack(messages: readonly QueueMessage[], delayMs: number): Promise<void> {
    for (const batch of inCalls(messages)) {
      const entries = batch.map(({ receipt }, index) => ({
        Id: String(index),
        ReceiptHandle: receipt,
        VisibilityTimeout: seconds(delayMs),
      }));
      await sendBatch(clock, entries, async (waiting) => {
        const { Failed } = await client.send(
          new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries: waiting }),
        );
        return stillHeld(Failed);
      });
    }
  }

  async function remove(messages: readonly QueueMessage[]): Promise<void> {
    for (const batch of inCalls(messages)) {
      const entries = batch.map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
      await sendBatch(clock, entries, async (waiting) => {
        const { Failed } = await client.send(
          new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: waiting }),
        );
        return stillHeld(Failed);
      });
    }
  }

  return {
    name,

    async send(bodies) {
      const texts = await Promise.all(bodies.map((body) => blocks.toMessage(body, MAX_TEXT_BYTES)));
      await sendTexts(
        client,
        clock,
        queueUrl,
        texts.map((text) => ({ text })),
      );
    },

    async receive(limits, visibilityMs) {
      const taken: QueueMessage[] = [];
      const beyond: QueueMessage[] = [];
      let bytes = 0;
      while (taken.length < limits.messages && beyond.length === 0) {
        const room = Math.max(1, Math.floor((limits.bytes - bytes) / MAX_TEXT_BYTES));
        const received = await receiveSome(Math.min(limits.messages - taken.length, room), visibilityMs);
        if (received.length === 0) break;
        for (const message of received) {
          bytes += message.body.length;
          if (taken.length > 0 && bytes > limits.bytes) beyond.push(message);
          else taken.push(message);
        }
      }
      await giveBack(beyond, 0);
      return taken;
    },

    delete: remove,

    async retry(messages, delayMs, reason) {
      const exhausted = messages.filter(({ receiveCount }) => receiveCount >= maxReceives);
      await giveBack(
        messages.filter((message) => !exhausted.includes(message)),
        delayMs,
      );
      const letters = exhausted.map(async (message) => ({
        text: textOf.get(message) ?? (await blocks.toMessage(message.body, MAX_TEXT_BYTES)),
        attributes: {
          reason: textAttribute(reason),
          letterId: textAttribute(message.id),
          receiveCount: textAttribute(String(message.receiveCount)),
          sentAt: textAttribute(String(message.sentAt)),
        },
      }));
      await sendTexts(client, clock, deadLetterUrl, await Promise.all(letters));
      await remove(exhausted);
    },

    depth: () => sqsQueueDepth(client, queueUrl),
  };
}

/** How full a queue is, by SQS's own estimate. Of the oldest message SQS tells CloudWatch alone. */
export async function sqsQueueDepth(client: SQSClient, queueUrl: string): Promise<QueueDepth> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesDelayed",
        "ApproximateNumberOfMessagesNotVisible",
      ],
    }),
  );
  return {
    ready:
      Number(Attributes?.ApproximateNumberOfMessages ?? 0) +
      Number(Attributes?.ApproximateNumberOfMessagesDelayed ?? 0),
    inFlight: Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0),
  };
}

function seconds(ms: number): number {
  return Math.min(Math.ceil(ms / 1000), MAX_VISIBILITY_SECONDS);
}

function inCalls<T>(items: readonly T[]): readonly T[][] {
  return batchesOf(items, { entries: ENTRIES_PER_CALL, bytes: Number.POSITIVE_INFINITY }, () => 0);
}

/** Leaves out the failures of receipts that have ended: their message is somebody else's by now, or deleted. */
function stillHeld(failed: readonly RefusedEntry[] | undefined): readonly RefusedEntry[] {
  return (failed ?? []).filter(({ Code }) => !/ReceiptHandleIsInvalid|MessageNotInflight/.test(Code ?? ""));
}
