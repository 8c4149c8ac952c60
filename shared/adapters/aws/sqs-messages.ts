import {
  type Message,
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { Clock } from "../../ports/clock.ts";
import { sendBatch } from "./batch-send.ts";
import { batchesOf } from "./batches.ts";

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html */
export const ENTRIES_PER_CALL = 10;

/** What a call may hold: 256 KiB, which every SQS takes. AWS's own takes 1 MiB unless a queue is set to less. */
const BYTES_PER_CALL = 256 * 1024;

/** Room for the attributes of a message that has some. */
const ATTRIBUTE_BYTES = 4 * 1024;

/** What a message's text may have at most. */
export const MAX_TEXT_BYTES = BYTES_PER_CALL - ATTRIBUTE_BYTES;

/** SQS refuses attributes with characters that XML 1.0 does not know. */
const NO_XML = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Longest text attribute, in characters. */
const MAX_ATTRIBUTE_LENGTH = 512;

/** A message to be sent. */
export interface OutgoingMessage {
  readonly text: string;
  readonly attributes?: Record<string, MessageAttributeValue>;
}

/** A text as a message attribute, cut to what is useful and to what SQS takes; never empty. */
export function textAttribute(text: string): MessageAttributeValue {
  const value = text.slice(0, MAX_ATTRIBUTE_LENGTH).replace(NO_XML, "\u{FFFD}");
  return { DataType: "String", StringValue: value === "" ? "-" : value };
}

/** Sends messages to a queue, in as few calls as their sizes allow. */
export async function sendTexts(
  client: SQSClient,
  clock: Clock,
  queueUrl: string,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  const entries = messages.map(({ text, attributes }, index) => ({
    Id: String(index),
    MessageBody: text,
    ...(attributes && { MessageAttributes: attributes }),
  }));
  const limits = { entries: ENTRIES_PER_CALL, bytes: BYTES_PER_CALL };
  for (const batch of batchesOf(entries, limits, ({ MessageBody }) => MessageBody.length + ATTRIBUTE_BYTES)) {
    await sendBatch(clock, batch, async (waiting) => {
      const { Failed } = await client.send(
        new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: waiting }),
      );
      return Failed ?? [];
    });
  }
}

/** When a message was sent, in ms since the epoch. */
export function sentAtOf(message: Message): number {
  return Number(message.Attributes?.SentTimestamp ?? 0);
}
