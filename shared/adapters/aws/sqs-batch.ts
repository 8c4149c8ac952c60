import type { SQSBatchResponse, SQSRecord } from "aws-lambda";
import type { BatchReport, Deliver } from "../../delivery/batch.ts";
import { isJsonObject } from "../../event/json.ts";
import type { BlockStore } from "./block-store.ts";

/**
 * Hands the messages of an SQS batch, as Lambda gets it, to a delivery stage. A message whose block cannot be
 * had (no message of the topic's, or its stored block does not answer) fails by itself, and ends among the
 * dead letters if it stays so; it counts as one record.
 */
export async function deliverBatch(
  records: readonly SQSRecord[],
  blocks: BlockStore,
  deliver: Deliver,
): Promise<BatchReport> {
  const lost = new Map<string, Error>();
  const fetched = await Promise.all(
    records.map(async ({ messageId, body }) => {
      try {
        return [{ id: messageId, body: await blocks.fromMessage(body) }];
      } catch (error) {
        lost.set(messageId, error as Error);
        return [];
      }
    }),
  );
  const { failed, counts } = await deliver(fetched.flat());
  return {
    failed: new Map([...lost, ...failed]),
    counts: { ...counts, received: counts.received + lost.size, failed: counts.failed + lost.size },
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
