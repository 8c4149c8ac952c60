import { createHash, randomBytes, randomUUID } from "node:crypto";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { encodeBlock } from "../shared/adapters/aws/activity-message.ts";
import { DESTINATIONS_ATTRIBUTE } from "../shared/adapters/aws/activity-topic.ts";
import { MemoryMetrics } from "../shared/adapters/memory/metrics.ts";
import { MemoryTrailStore } from "../shared/adapters/memory/trail-store.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import type { PackedBlock } from "../shared/event/block.ts";
import { type Ingest, makeIngest } from "../shared/ingest/ingest.ts";
import { historyTemplates, makeEvent } from "./history-events.ts";
import { ACCOUNT_ID, everythingTrail } from "./trail.ts";

/** What Lambda passes to a function at most. https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const LAMBDA_PAYLOAD_BYTES: number = 6 * 1024 * 1024;

/** An event of one batch. */
export interface BatchEvent {
  readonly event: SQSEvent;
  readonly bytes: number;
  readonly records: number;
}

/**
 * A batch of a delivery queue as Lambda hands it over: blocks that the real ingest made, as many as fit, of records
 * of the last hour of which no two are the same event.
 * @param size records of one call to ingest: of one block
 */
export async function batchEvent(size: number, maxBytes: number): Promise<BatchEvent> {
  const templates = historyTemplates();
  const { ingest, blocks } = await capturingIngest();
  const messages: SQSRecord[] = [];
  let bytes = JSON.stringify({ Records: [] }).length;
  let made = 0;
  for (;;) {
    const records = Array.from({ length: size }, () => {
      const time = Date.now() - Math.floor(Math.random() * 3_600) * 1_000;
      return makeEvent(templates[made++ % templates.length] as readonly string[], time).text;
    });
    await ingest({ accountId: ACCOUNT_ID, mayImport: true, origin: "api", records });
    const added = blocks.splice(0).map(message);
    const addedBytes = added.reduce((sum, one) => sum + JSON.stringify(one).length + 1, 0);
    if (bytes + addedBytes > maxBytes) return { event: { Records: messages }, bytes, records: made - size };
    messages.push(...added);
    bytes += addedBytes;
  }
}

async function capturingIngest(): Promise<{ readonly ingest: Ingest; readonly blocks: PackedBlock[] }> {
  const blocks: PackedBlock[] = [];
  const trails = new MemoryTrailStore();
  const [region, group] = ["us-east-1", "bench-log-group"];
  const cloudWatchLogsLogGroupArn = `arn:aws:logs:${region}:${ACCOUNT_ID}:log-group:${group}:*`;
  await trails.put({ ...everythingTrail(), cloudWatchLogsLogGroupArn }, 0);
  const ingest = makeIngest({
    trails,
    clock: systemClock,
    metrics: new MemoryMetrics(),
    history: { dataEvents: false },
    topic: {
      publish: async (published) => {
        blocks.push(...published);
      },
    },
  });
  return { ingest, blocks };
}

/** A message with the envelope of SQS's, some 900 bytes: raw delivery of a topic's message with its attribute. */
function message({ body, destinations }: PackedBlock): SQSRecord {
  const text = encodeBlock(body);
  const attribute = JSON.stringify(destinations);
  return {
    messageId: randomUUID(),
    receiptHandle: randomBytes(210).toString("base64"),
    body: text,
    attributes: {
      ApproximateReceiveCount: "1",
      AWSTraceHeader: `Root=1-${randomBytes(4).toString("hex")}-${randomBytes(12).toString("hex")}`,
      SentTimestamp: String(Date.now()),
      SenderId: "AIDAIT2UOQQY3AUEKVGXU",
      ApproximateFirstReceiveTimestamp: String(Date.now()),
    },
    messageAttributes: {
      [DESTINATIONS_ATTRIBUTE]: {
        stringValue: attribute,
        stringListValues: [],
        binaryListValues: [],
        dataType: "String.Array",
      },
    },
    md5OfMessageAttributes: createHash("md5").update(attribute).digest("hex"),
    md5OfBody: createHash("md5").update(text).digest("hex"),
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:us-east-1:${ACCOUNT_ID}:opentrail-bench-deliver`,
    awsRegion: "us-east-1",
  };
}
