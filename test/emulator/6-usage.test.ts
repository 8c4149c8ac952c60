import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { DeleteTrailCommand, DescribeTrailsCommand } from "@aws-sdk/client-cloudtrail";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand, HeadObjectCommand } from "@aws-sdk/client-s3";
import type { Message } from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { benchRecords } from "../../bench/records.ts";
import { postJson } from "../../cli/endpoint-client.ts";
import { eventTimeOf, retime, shiftToNow } from "../../cli/retime.ts";
import { DEFAULT_LOAD, type Load } from "../../cost/load.ts";
import { marginalCost } from "../../cost/marginal-cost.ts";
import {
  MEASURED_USAGE_FILE,
  type MeasuredRun,
  type MeasuredUsage,
  readMeasuredUsage,
} from "../../cost/measured-usage.ts";
import { addUsage, scaleUsage, type Usage } from "../../cost/prices.ts";
import { endpointSettings, makeCallable } from "./endpoint.ts";
import { invocationsOf } from "./function-reports.ts";
import { deliverWaiting, invokeWithMessages, lambda, setDeliveryTriggers } from "./held-deliveries.ts";
import { putLogFile } from "./source-bucket.ts";
import { makeLogGroup, makeTrail } from "./trail.ts";
import { takeUsage } from "./usage-counter.ts";
import { cloudTrail, depthOf, digestKeys, eventually, logFileKeys, output, PREFIX, s3 } from "./world.ts";

/*
 * Counts what AWS would charge for the functions' calls while records pass through the stack, and holds the cost model's
 * file against it. `OPENTRAIL_WRITE_USAGE=true npm run test:emulator` writes the file anew.
 */
const TRAIL = "usage";
const FUNCTIONS = [
  "endpoint",
  "ingest-activity-events",
  "ingest-log-files",
  "deliver-log-files",
  "deliver-log-groups",
  "deliver-event-bus",
  "deliver-history",
];
const RECORDS = 2_000;

/** Of `bench/history-writes.ts` and `bench/history.ts`: a table's size is not to be had from the emulator. */
const HISTORY_BYTES_PER_RECORD = 202;

/**
 * The bench's records as management events of now, of one account and region, each with an eventID of its own: the history
 * takes none twice.
 */
function freshRecords(count: number): readonly Buffer[] {
  const source = benchRecords(count);
  const newest = Math.max(...source.map((text) => eventTimeOf(text) ?? 0));
  const shift = shiftToNow(newest, Date.now());
  return source.map((text) => Buffer.from(JSON.stringify(ofNow(retime(text, shift)))));
}

function ofNow(text: Buffer): unknown {
  return {
    ...JSON.parse(text.toString()),
    eventID: randomUUID(),
    awsRegion: "us-east-1",
    recipientAccountId: "000000000000",
    eventCategory: "Management",
    managementEvent: true,
  };
}

/** Hands a block of records to a source. */
type Feed = (block: readonly Buffer[]) => Promise<void>;

const feedApi: Feed = async (block) => {
  await postJson(endpointSettings(), "/_opentrail/records", parsed(block));
};

/** A batch of the source's queue, as Lambda hands it over. */
const feedEvents: Feed = async (block) => {
  const events = parsed(block).map((detail) => ({
    version: "0",
    id: randomUUID(),
    "detail-type": "AWS API Call via CloudTrail",
    source: "emulated.ec2",
    account: "000000000000",
    time: new Date().toISOString(),
    region: "us-east-1",
    resources: [],
    detail,
  }));
  await invokeWithMessages("ingest-activity-events", events.map(messageOf));
};

/** A log file in a bucket, and a message that tells of it. */
const feedLogFile: Feed = async (block) => {
  const bucket = output("BlocksBucketName");
  const key = await putLogFile(bucket, randomUUID().slice(0, 8), parsed(block));
  const notice = {
    Records: [
      {
        eventSource: "aws:s3",
        eventName: "ObjectCreated:Put",
        s3: { bucket: { name: bucket }, object: { key } },
      },
    ],
  };
  await invokeWithMessages("ingest-log-files", [messageOf(notice)]);
};

function messageOf(body: unknown): Message {
  return { MessageId: randomUUID(), Body: JSON.stringify(body) };
}

function parsed(block: readonly Buffer[]): readonly unknown[] {
  return block.map((text) => JSON.parse(text.toString()));
}

const FEEDS: Readonly<Record<Load["source"], Feed>> = {
  "log-files": feedLogFile,
  "activity-events": feedEvents,
  api: feedApi,
};

/** How records are parted: small blocks and large ones, each in a batch of its own, and small ones that share batches. */
const PARTITIONS = {
  small: { recordsPerBlock: 10, blocksPerBatch: 1 },
  large: { recordsPerBlock: 500, blocksPerBatch: 1 },
  shared: { recordsPerBlock: 10, blocksPerBatch: 20 },
};

/** Small blocks are measured on fewer records: a thousandth of a cent is told as well from a hundred blocks. */
const MOST_BLOCKS = 100;

/** Passes records through the stack in blocks and batches of a size. */
async function measure(
  source: Load["source"],
  { recordsPerBlock, blocksPerBatch }: (typeof PARTITIONS)["small"],
  feed: Feed,
): Promise<MeasuredRun> {
  await drained();
  await setDeliveryTriggers(false);
  await takeUsage(inject("usageCounter"));
  const startedAt = Date.now();
  let blocks = 0;
  const records = freshRecords(Math.min(RECORDS, recordsPerBlock * MOST_BLOCKS));
  for (let first = 0; first < records.length; first += recordsPerBlock) {
    await feed(records.slice(first, first + recordsPerBlock));
    blocks += 1;
  }
  await deliverWaiting(blocksPerBatch);
  await sleep(2_000);
  const calls = await takeUsage(inject("usageCounter"));
  const usage: Record<string, Usage> = {};
  for (const name of FUNCTIONS) {
    const used = addUsage(calls[name] ?? {}, await invocationsOf(PREFIX + name, startedAt));
    if ((used["lambda.requests"] ?? 0) > 0) usage[name] = used;
  }
  await setDeliveryTriggers(true);
  return { source, records: records.length, blocks, batches: Math.ceil(blocks / blocksPerBatch), usage };
}

async function drained(): Promise<void> {
  for (const queue of ["log-files", "log-groups", "event-bus", "history"]) {
    await eventually(`${queue} is not empty`, async () => (await depthOf(queue)) === 0, 170);
  }
  // The last answers are on their way, and the reports of their invocations.
  await sleep(2_000);
}

/** What one run of a scheduled function takes that finds nothing to do. */
async function measureIdleRun(name: string): Promise<Usage> {
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const digests = (await digestKeys("")).length;
    await takeUsage(inject("usageCounter"));
    const startedAt = Date.now();
    await lambda.send(new InvokeCommand({ FunctionName: PREFIX + name, Payload: "{}" }));
    await sleep(1_000);
    const calls = (await takeUsage(inject("usageCounter")))[name] ?? {};
    const used = addUsage(calls, await invocationsOf(PREFIX + name, startedAt));
    // Its schedule may have come between.
    if ((await digestKeys("")).length === digests)
      return scaleUsage(used, 1 / (used["lambda.requests"] ?? 1));
  }
  throw new Error(`${name} made digests each time`);
}

/** What a digest file takes beyond the run that makes it, and what of that each log file in it takes. Deleted trails have last ones. */
async function measureDigest(idle: Usage): Promise<Pick<MeasuredUsage, "digestFile" | "digestedLogFile">> {
  await takeUsage(inject("usageCounter"));
  const before = new Set(await digestKeys(""));
  const startedAt = Date.now();
  await eventually("no digest was made", async () => (await digestKeys("")).length > before.size, 170);
  await sleep(2_000);
  const made = (await digestKeys("")).filter((key) => !before.has(key));
  const calls = (await takeUsage(inject("usageCounter")))["digest-files"] ?? {};
  const used = addUsage(calls, await invocationsOf(`${PREFIX}digest-files`, startedAt));
  const beyond = addUsage(used, scaleUsage(idle, -(used["lambda.requests"] ?? 1)));
  const { "dynamodb.writeUnits": writes = 0, "dynamodb.readUnits": reads = 0, ...ofDigest } = beyond;
  // A digest's rows in the tables are those of its files, but for a few.
  const ofFiles = { "dynamodb.writeUnits": writes, "dynamodb.readUnits": Math.max(0, reads) };
  return {
    digestFile: scaleUsage(ofDigest, 1 / made.length),
    digestedLogFile: scaleUsage(ofFiles, 1 / (await logFilesIn(made))),
  };
}

async function logFilesIn(digests: readonly string[]): Promise<number> {
  let files = 0;
  for (const Key of digests) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: output("TrailBucketName"), Key }));
    files += JSON.parse(gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array()).toString())
      .logFiles.length;
  }
  return files;
}

/** Other suites' trails would take the records too. */
async function deleteOtherTrails(): Promise<void> {
  const client = cloudTrail();
  const { trailList = [] } = await client.send(new DescribeTrailsCommand({}));
  for (const { TrailARN: Name } of trailList) await client.send(new DeleteTrailCommand({ Name }));
}

async function logFileBytes(): Promise<number> {
  let bytes = 0;
  for (const Key of await logFileKeys(TRAIL)) {
    bytes +=
      (await s3.send(new HeadObjectCommand({ Bucket: output("TrailBucketName"), Key }))).ContentLength ?? 0;
  }
  return bytes;
}

// Counted is what passes the counter, which only the emulator that the suite starts is told of.
describe.skipIf(inject("usageCounter") === "")("what a million events cost on AWS", () => {
  let measured: MeasuredUsage;

  beforeAll(async () => {
    await makeCallable();
    await deleteOtherTrails();
    const forwarding = await makeLogGroup("CloudTrail/usage");
    await makeTrail(TRAIL, { EnableLogFileValidation: true, ...forwarding });
    const runs: MeasuredRun[] = [];
    for (const [source, feed] of Object.entries(FEEDS) as [Load["source"], Feed][]) {
      for (const partition of [PARTITIONS.small, PARTITIONS.shared]) {
        runs.push(await measure(source, partition, feed));
      }
    }
    let bytesOfLarge = 0;
    for (const [source, feed] of Object.entries(FEEDS) as [Load["source"], Feed][]) {
      const bytesBefore = await logFileBytes();
      const large = await measure(source, PARTITIONS.large, feed);
      bytesOfLarge = ((await logFileBytes()) - bytesBefore) / large.records;
      runs.push(large);
    }
    const schedules = {
      "sweep-log-files": await measureIdleRun("sweep-log-files"),
      "digest-files": await measureIdleRun("digest-files"),
    };
    measured = {
      emulator: "MiniStack 1.5.33",
      measuredOn: new Date().toISOString().slice(0, 10),
      runs,
      schedules,
      ...(await measureDigest(schedules["digest-files"])),
      historyBytesPerRecord: HISTORY_BYTES_PER_RECORD,
      logFileBytesPerRecord: bytesOfLarge,
    };
    if (process.env.OPENTRAIL_WRITE_USAGE === "true") {
      writeFileSync(MEASURED_USAGE_FILE, `${JSON.stringify(measured, null, 2)}\n`);
    }
  }, 900_000);

  it("has calls of every function that records pass through", () => {
    for (const { usage } of measured.runs) {
      for (const name of ["deliver-log-files", "deliver-history"]) {
        expect(usage[name]?.["dynamodb.writeUnits"]).toBeGreaterThan(0);
      }
      expect(usage["deliver-log-files"]?.["s3.writes"]).toBeGreaterThan(0);
      const publishers = Object.values(usage).filter((each) => (each["sns.requests"] ?? 0) > 0);
      expect(publishers).toHaveLength(1);
    }
    expect(measured.digestFile["kms.requests"]).toBeGreaterThan(0);
  });

  it.each(["log-files", "activity-events", "api"] as const)(
    "is what the cost model says, from the source %s, within a third",
    (source) => {
      const now = marginalCost({ ...DEFAULT_LOAD, source }, measured).total;
      const said = marginalCost({ ...DEFAULT_LOAD, source }, readMeasuredUsage()).total;
      expect(now / said).toBeGreaterThan(2 / 3);
      expect(now / said).toBeLessThan(3 / 2);
    },
  );

  it("is under a dollar at ten million a month from the account's own trail's log files", () => {
    expect(marginalCost(DEFAULT_LOAD, measured).total).toBeLessThan(1);
  });
});
