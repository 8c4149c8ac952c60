import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { QueuePump } from "../local/queue-pump.ts";
import { MemoryDeliveryStatus } from "../shared/adapters/memory/delivery-status.ts";
import { MemoryLedger } from "../shared/adapters/memory/ledger.ts";
import { MemoryMetrics } from "../shared/adapters/memory/metrics.ts";
import { MemoryTopics } from "../shared/adapters/memory/topics.ts";
import { MemoryTrailStore } from "../shared/adapters/memory/trail-store.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { composeEmbedded } from "../shared/compose/embedded.ts";
import { tuneHeapForBuffers } from "../shared/compose/heap-settings.ts";
import type { DeliveryMessage } from "../shared/delivery/batch.ts";
import { createLogFileDelivery } from "../shared/delivery/log-files.ts";
import type { PackedBlock } from "../shared/event/block.ts";
import { makeIngest } from "../shared/ingest/ingest.ts";
import { sliceRecords } from "../shared/ingest/slice-records.ts";
import type { ActivityTopic } from "../shared/ports/activity-topic.ts";
import { cpuSeconds, median, report } from "./measure.ts";
import { benchBodies, benchRecords, RECORD_SOURCE } from "./records.ts";
import { ACCOUNT_ID, BUCKET, everythingTrail, KeptObjects } from "./trail.ts";

/*
 * What a record costs on its way from acceptance to a log file, in CPU seconds of all threads, against the floor:
 * JSON.parse of each record and gzip of the same log files' contents at the same level, in the same process.
 *
 *   node --expose-gc bench/pipeline.ts --records 200000 --runs 5 --gzip-level 6
 *
 * A call has 3,000 records, about what `opentrail put-records` sends. Pinned to one core where the machine has `taskset` (npm run bench does it).
 */
const { values } = parseArgs({
  options: {
    records: { type: "string", default: "200000" },
    runs: { type: "string", default: "5" },
    "gzip-level": { type: "string", default: "6" },
    "records-a-call": { type: "string", default: "3000" },
  },
});
tuneHeapForBuffers();
const count = Number(values.records);
const runs = Number(values.runs);
const gzipLevel = Number(values["gzip-level"]);
const recordsACall = Number(values["records-a-call"]);

/** As the embedded host has it. */
const BATCH_BYTES = 7 * 1024 * 1024;
// Kept until the end: file systems find free inodes the more slowly, the more files were deleted a moment ago.
const folder = mkdtempSync(path.join(tmpdir(), "opentrail-bench-"));
const records = benchRecords(count);
const bodies = benchBodies(records, recordsACall);

const figures: { floor: number; delivery: number; embedded: number; deliveryFloor: number }[] = [];
for (let run = 0; run < runs; run += 1) {
  const delivery = await measureDelivery();
  const deliveryFloor = await measureFloor(delivery.contents);
  const embedded = await measureEmbedded();
  const floor = await measureFloor(embedded.contents);
  figures.push({ floor, deliveryFloor, delivery: delivery.seconds, embedded: embedded.seconds });
}
rmSync(folder, { recursive: true });

const perSecond = (pick: (figure: (typeof figures)[number]) => number): number =>
  Math.round(count / median(figures.map(pick)));
const ratio = (pick: (figure: (typeof figures)[number]) => number): string =>
  median(figures.map(pick)).toFixed(2);
report("pipeline", [
  {
    stage: "floor: JSON.parse + gzip",
    "records/CPU s": perSecond((figure) => figure.floor),
    "of the floor": "1.00",
    bar: "",
  },
  {
    stage: "delivery of log files alone",
    "records/CPU s": perSecond((figure) => figure.delivery),
    "of the floor": ratio((figure) => figure.deliveryFloor / figure.delivery),
    bar: "0.85",
  },
  {
    stage: "embedded path, durable acceptance",
    "records/CPU s": perSecond((figure) => figure.embedded),
    "of the floor": ratio((figure) => figure.floor / figure.embedded),
    bar: "0.50",
  },
]);
console.log(
  `${count} records (${RECORD_SOURCE}), ${recordsACall} a call, gzip level ${gzipLevel}, medians of ${runs} runs`,
);

/** Blocks that are packed already → log files, over a ledger and a store in memory. */
async function measureDelivery(): Promise<{ seconds: number; contents: readonly Buffer[] }> {
  const batches = inBatches(await packedBlocks());
  const objects = new KeptObjects();
  const ports = {
    objects,
    ledger: new MemoryLedger(),
    topics: new MemoryTopics(),
    status: new MemoryDeliveryStatus(),
    clock: systemClock,
  };
  const deliver = createLogFileDelivery(ports, { gzipLevel });
  const seconds = await cpuSeconds(async () => {
    for (const batch of batches) {
      const { failed } = await deliver(batch);
      if (failed.size > 0) {
        throw new Error("A block was not delivered", { cause: [...failed.values()][0] });
      }
    }
  });
  return { seconds, contents: objects.bodies.map((body) => gunzipSync(body)) };
}

async function packedBlocks(): Promise<readonly PackedBlock[]> {
  const blocks: PackedBlock[] = [];
  const trails = new MemoryTrailStore();
  await trails.put(everythingTrail(), 0);
  const ingest = makeIngest({
    trails,
    clock: systemClock,
    metrics: new MemoryMetrics(),
    topic: {
      publish: async (published) => {
        blocks.push(...published);
      },
    },
  });
  for (const body of bodies) {
    await ingest({ accountId: ACCOUNT_ID, mayImport: true, origin: "api", records: sliceRecords(body) });
  }
  return blocks;
}

function inBatches(blocks: readonly PackedBlock[]): readonly (readonly DeliveryMessage[])[] {
  const batches: DeliveryMessage[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const { id, body } of blocks) {
    if (bytes + body.length > BATCH_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    bytes += body.length;
    batches.at(-1)?.push({ id, body });
  }
  return batches;
}

/** The whole embedded path but HTTP: slices, checks, routes, stores durably, delivers to the folder tree. */
async function measureEmbedded(): Promise<{ seconds: number; contents: readonly Buffer[] }> {
  const dataDir = mkdtempSync(path.join(folder, "data-"));
  const objects = new KeptObjects();
  const pipeline = await composeEmbedded({
    dataDir,
    gzipLevel,
    maxReceives: 3,
    intercept: { objects: (store) => objects.before(store), topic: toLogFilesAlone },
  });
  await pipeline.objects.createBucket({
    name: BUCKET,
    accountId: ACCOUNT_ID,
    region: "us-east-1",
    creationTime: systemClock.now(),
  });
  await pipeline.trails.put(everythingTrail(), 0);
  const [logFiles] = [...pipeline.deliveries].filter(([queue]) => queue.name === "log-files");
  if (logFiles === undefined) {
    throw new Error("There is no stage for log files");
  }
  const [queue, deliver] = logFiles;
  const pump = new QueuePump(
    queue,
    deliver,
    {
      limits: { messages: 10_000, bytes: BATCH_BYTES },
      batchWindowMs: 5_000,
      visibilityMs: 60_000,
      retryDelayMs: () => 1_000,
    },
    systemClock,
    {
      batchDone: () => undefined,
      pumpFailed: (_stage, problem) => {
        throw problem;
      },
    },
  );
  const seconds = await cpuSeconds(async () => {
    pump.start();
    for (const body of bodies) {
      await pipeline.ingest({
        accountId: ACCOUNT_ID,
        mayImport: true,
        origin: "api",
        records: sliceRecords(body),
      });
    }
    await pump.stop();
  });
  pipeline.close();
  const contents = objects.bodies.map((body) => gunzipSync(body));
  requireAll(contents);
  return { seconds, contents };
}

/** One trail, S3 only: neither the history nor the bus takes a part of the work. */
function toLogFilesAlone(topic: ActivityTopic): ActivityTopic {
  return {
    publish: (blocks) => topic.publish(blocks.map((block) => ({ ...block, destinations: ["log-files"] }))),
  };
}

/** JSON.parse of each record and gzip of each content, as little as anybody can do. */
async function measureFloor(contents: readonly Buffer[]): Promise<number> {
  return cpuSeconds(async () => {
    for (const record of records) {
      JSON.parse(record.toString("utf8"));
    }
    for (const content of contents) {
      gzipSync(content, { level: gzipLevel });
    }
  });
}

function requireAll(contents: readonly Buffer[]): void {
  const delivered = contents.reduce(
    (sum, content) => sum + JSON.parse(content.toString("utf8")).Records.length,
    0,
  );
  if (delivered !== count) {
    throw new Error(`${delivered} of ${count} records were delivered`);
  }
}
