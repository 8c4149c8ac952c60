import { randomUUID } from "node:crypto";
import { eventMessages } from "../shared/adapters/aws/sqs-batch.ts";
import { MemoryMetrics } from "../shared/adapters/memory/metrics.ts";
import { MemoryTrailStore } from "../shared/adapters/memory/trail-store.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { makeActivityEvents } from "../shared/ingest/activity-events.ts";
import { makeIngest } from "../shared/ingest/ingest.ts";
import { ownCallTest } from "../shared/ingest/own-call.ts";
import { median, report } from "./measure.ts";
import { benchRecords, RECORD_SOURCE } from "./records.ts";
import { LAMBDA_PAYLOAD_BYTES } from "./sqs-event.ts";
import { ACCOUNT_ID, everythingTrail } from "./trail.ts";

/*
 * Batches of events of the default bus, 6 MB each, taken in as the function does, parsing of the invocation included,
 * into blocks that are published nowhere: publishing is a call for ten blocks, and a batch is a few. Each batch has
 * records of its own. Fails if a record is missing.
 *
 *   node bench/activity-events.ts
 */
const BATCHES = 9;
/** SQS's envelope of a message, in bytes, some 700 of them. */
const RECEIPT = "A".repeat(500);

const trails = new MemoryTrailStore();
await trails.put(everythingTrail(), 0);
const metrics = new MemoryMetrics();
let published = 0;
const { takeMessages } = makeActivityEvents({
  ingest: makeIngest({
    trails,
    clock: systemClock,
    metrics,
    history: { dataEvents: false },
    blockLimits: { records: 5_000, bytes: 1024 * 1024 },
    topic: {
      publish: async (blocks) => {
        for (const block of blocks) published += block.records;
      },
    },
  }),
  metrics,
  isOwnCall: ownCallTest({
    roles: [`arn:aws:iam::${ACCOUNT_ID}:role/opentrail-prod-us-east-1-deliver-log-files`],
    resources: [`arn:aws:sqs:us-east-1:${ACCOUNT_ID}:opentrail-prod-*`],
  }),
  sourcePrefix: "aws.",
});

const records = benchRecords(5_000 * BATCHES);
let next = 0;
let taken = 0;
let failures = 0;
const perSecond: number[] = [];
const perBatch: number[] = [];
for (let batch = 0; batch < BATCHES; batch += 1) {
  const text = batchText();
  const before = process.cpuUsage();
  const messages = eventMessages(JSON.parse(text)) ?? [];
  const failed = await takeMessages(messages);
  const { user, system } = process.cpuUsage(before);
  for (const error of [...failed.values()].slice(0, 3)) console.error(error.message);
  taken += messages.length;
  failures += failed.size;
  perBatch.push(messages.length);
  perSecond.push(messages.length / ((user + system) / 1e6));
}
report("activity-events", [
  {
    source: RECORD_SOURCE,
    "events a batch": median(perBatch),
    "first batch, events a CPU second": Math.round(perSecond[0] ?? 0),
    "median, events a CPU second": Math.round(median(perSecond)),
    "most memory, MB": Math.round(process.resourceUsage().maxRSS / 1024),
  },
]);
if (failures > 0 || published + metrics.read("RecordsUnrouted") !== taken) process.exit(1);

/** An invocation's payload, full. */
function batchText(): string {
  const messages: string[] = [];
  for (let bytes = 0; bytes < LAMBDA_PAYLOAD_BYTES - 8_192; bytes += (messages.at(-1)?.length ?? 0) + 1) {
    const record = String(records[next % records.length]);
    next += 1;
    messages.push(
      JSON.stringify({
        messageId: randomUUID(),
        receiptHandle: RECEIPT,
        body: eventText(record),
        attributes: { ApproximateReceiveCount: "1", SentTimestamp: String(Date.now()) },
        messageAttributes: {},
        eventSource: "aws:sqs",
        eventSourceARN: `arn:aws:sqs:us-east-1:${ACCOUNT_ID}:opentrail-prod-activity-events`,
        awsRegion: "us-east-1",
      }),
    );
  }
  return `{"Records":[${messages.join(",")}]}`;
}

function eventText(record: string): string {
  return (
    `{"version":"0","id":"${randomUUID()}","detail-type":"AWS API Call via CloudTrail","source":"aws.iam",` +
    `"account":"${ACCOUNT_ID}","time":"${new Date().toISOString()}","region":"us-east-1","resources":[],"detail":${record}}`
  );
}
