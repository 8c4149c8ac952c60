import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import type { BatchReport, Deliver, DeliveryMessage, SkipReason } from "../../delivery/batch.ts";
import { unpackedLength } from "../../event/block-codec.ts";
import { isJsonObject } from "../../event/json.ts";
import type { BlockStore } from "./block-store.ts";

/**
 * How many bytes of blocks, packed and unpacked, are in memory at one time. A full batch of ordinary blocks has some 40 MB.
 * Blocks that are stored beside their messages, or that pack well, can be gigabytes: Lambda counts the messages alone.
 */
export const BYTES_AT_ONCE: number = 48 * 1024 * 1024;

/** The invocation would end before the message's turn: it comes again. */
class NoTimeLeft extends Error {
  override readonly name = "NoTimeLeft";
}

/** What became of messages so far. */
type Outcome = { -readonly [Member in keyof BatchReport]: BatchReport[Member] };

/**
 * Hands the messages of an SQS batch, as Lambda gets it, to a delivery stage, as many at a time as memory has room for.
 * A message whose block cannot be had (no message of the topic's, or its stored block does not answer) fails by
 * itself, and ends among the dead letters if it stays so; it counts as one record, and so does one that there is no
 * time left for.
 * @param remainingMs until Lambda ends the invocation
 */
export async function deliverBatch(
  records: readonly SQSRecord[],
  blocks: BlockStore,
  deliver: Deliver,
  remainingMs: () => number,
): Promise<BatchReport> {
  const outcome: Outcome = {
    failed: new Map(),
    counts: { received: 0, delivered: 0, skipped: {}, failed: 0 },
  };
  let waiting = records;
  let longestMs = 0;
  while (waiting.length > 0) {
    const startMs = remainingMs();
    if (startMs < 2 * longestMs) {
      const error = new NoTimeLeft("The batch has more in it than fits into an invocation");
      addFailures(outcome, new Map(waiting.map(({ messageId }) => [messageId, error])));
      break;
    }
    const { messages, lost } = await takeMessages(waiting, blocks);
    addFailures(outcome, lost);
    addReport(outcome, await deliver(messages));
    waiting = waiting.slice(messages.length + lost.size);
    longestMs = Math.max(longestMs, startMs - remainingMs());
  }
  return outcome;
}

/** The first of the messages, until memory has no room for more, and those of them whose block cannot be had. */
async function takeMessages(records: readonly SQSRecord[], blocks: BlockStore) {
  const messages: DeliveryMessage[] = [];
  const lost = new Map<string, Error>();
  let bytes = 0;
  for (const { messageId, body: text } of records) {
    if (bytes >= BYTES_AT_ONCE) break;
    try {
      const body = await blocks.fromMessage(text);
      bytes += body.length + unpackedLength(body);
      messages.push({ id: messageId, body });
    } catch (error) {
      lost.set(messageId, error as Error);
    }
  }
  return { messages, lost };
}

function addFailures(outcome: Outcome, failed: ReadonlyMap<string, Error>): void {
  addReport(outcome, {
    failed,
    counts: { received: failed.size, delivered: 0, skipped: {}, failed: failed.size },
  });
}

function addReport(outcome: Outcome, { failed, counts }: BatchReport): void {
  const skipped = { ...outcome.counts.skipped };
  for (const [reason, records] of Object.entries(counts.skipped) as [SkipReason, number][]) {
    skipped[reason] = (skipped[reason] ?? 0) + records;
  }
  outcome.failed = new Map([...outcome.failed, ...failed]);
  outcome.counts = {
    received: outcome.counts.received + counts.received,
    delivered: outcome.counts.delivered + counts.delivered,
    skipped,
    failed: outcome.counts.failed + counts.failed,
  };
}

/** The answer that has Lambda delete a batch's messages but for the failed ones (ReportBatchItemFailures). */
export function batchResponse(failed: ReadonlyMap<string, Error>): SQSBatchResponse {
  return { batchItemFailures: [...failed.keys()].map((itemIdentifier) => ({ itemIdentifier })) };
}

/** The messages of an SQS batch that a function was invoked with; undefined if it was invoked with something else. */
export function eventMessages(
  event: unknown,
): readonly { readonly id: string; readonly body: Buffer }[] | undefined {
  if (!isJsonObject(event) || !Array.isArray(event.Records) || event.Records.length === 0) return undefined;
  const messages = event.Records.flatMap((record) =>
    isJsonObject(record) &&
    record.eventSource === "aws:sqs" &&
    typeof record.messageId === "string" &&
    typeof record.body === "string"
      ? [{ id: record.messageId, body: Buffer.from(record.body) }]
      : [],
  );
  return messages.length === event.Records.length ? messages : undefined;
}
