import path from "node:path";
import { Database } from "../../shared/adapters/local/database.ts";
import { LocalObjectStore } from "../../shared/adapters/local/object-store.ts";
import { OPENTRAIL_SCHEMA } from "../../shared/adapters/local/schema.ts";
import { LocalSigningKeys } from "../../shared/adapters/local/signing-keys.ts";
import { LocalTrailStore } from "../../shared/adapters/local/trail-store.ts";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../../shared/adapters/memory/delivery-status.ts";
import { MemoryDigestStore } from "../../shared/adapters/memory/digest-store.ts";
import { MemoryLedger } from "../../shared/adapters/memory/ledger.ts";
import { MemoryMetrics } from "../../shared/adapters/memory/metrics.ts";
import { MemoryTopics } from "../../shared/adapters/memory/topics.ts";
import { createLogFileDelivery } from "../../shared/delivery/log-files.ts";
import type { PackedBlock } from "../../shared/event/block.ts";
import { makeIngest } from "../../shared/ingest/ingest.ts";
import { DEFAULT_KEY_AGE_MS } from "../../shared/integrity/key-ring.ts";
import { createDigestMaker } from "../../shared/integrity/make-digests.ts";
import type { Trail } from "../../shared/trail/trail.ts";
import { makeTrail } from "./trail.ts";

export const HOUR = 60 * 60_000;

/** A trail of hours ago, in a data folder that a host can be started on. */
export interface DigestedTrail {
  /** Milliseconds since the epoch, a whole hour. */
  readonly start: number;
  readonly end: number;
}

/** What is put into the trail's past. */
export interface PastOptions {
  readonly dataDir: string;
  readonly bucket: string;
  readonly trailNames: readonly string[];
  readonly accounts: readonly string[];
  readonly regions: readonly string[];
  readonly intervals: number;
  /** Hours, counted from 0, in which nothing happens. */
  readonly emptyIntervals?: readonly number[];
  /** Hours before which the keys of all regions are replaced. */
  readonly rotations?: readonly number[];
  /** Hours after the trail was stopped in which a log file comes all the same. */
  readonly lateFiles?: number;
  /** Log files an hour, account and region; default 2. */
  readonly filesAnInterval?: number;
}

/**
 * Lets trails log in the past, by a clock of its own: hourly digests in the data folder, with log files in each
 * account and region. The trails are stopped at the end, so that a host on the folder adds nothing.
 */
export async function makeDigestedTrail(options: PastOptions): Promise<DigestedTrail> {
  const { dataDir, bucket, intervals } = options;
  const start = Math.floor(Date.now() / HOUR) * HOUR - (intervals + 2) * HOUR;
  const clock = new MemoryClock(start);
  const database = new Database(path.join(dataDir, "opentrail.db"), OPENTRAIL_SCHEMA);
  const objects = new LocalObjectStore(dataDir, clock);
  await objects.createBucket({
    name: bucket,
    accountId: "111122223333",
    region: "us-east-1",
    creationTime: start,
  });
  const trails = new LocalTrailStore(database);
  const putTrails = async (change: Partial<Trail>): Promise<void> => {
    for (const name of options.trailNames) {
      const { version } = await trails.read("111122223333");
      const settings = {
        name,
        s3BucketName: bucket,
        logFileValidationEnabled: true,
        startLoggingTime: start,
      };
      await trails.put(makeTrail({ ...settings, createdAt: start, ...change }), version);
    }
  };
  await putTrails({});

  const ledger = new MemoryLedger();
  const keys = new LocalSigningKeys(dataDir, clock, { maxAgeMs: DEFAULT_KEY_AGE_MS });
  const status = new MemoryDeliveryStatus();
  const published: PackedBlock[] = [];
  const topic = { publish: async (blocks: readonly PackedBlock[]) => void published.push(...blocks) };
  const ingest = makeIngest({ trails, topic, clock, metrics: new MemoryMetrics() });
  const topics = new MemoryTopics();
  const deliver = createLogFileDelivery({ ledger, objects, topics, status, clock });
  const makeDigests = createDigestMaker(
    { digests: new MemoryDigestStore(ledger), ledger, objects, keys, trails, topics, status, clock },
    { intervalMs: HOUR, settleMs: 0 },
  );
  const digests = async (): Promise<void> => {
    const { failed } = await makeDigests();
    for (const error of failed.values()) throw error;
  };

  for (let hour = 0; hour < intervals; hour += 1) {
    if (options.rotations?.includes(hour)) {
      for (const region of options.regions) await keys.rotate(region);
    }
    for (let file = 0; file < (options.filesAnInterval ?? 2); file += 1) {
      clock.advance(5 * 60_000);
      const isEmpty = options.emptyIntervals?.includes(hour) ?? false;
      for (const account of isEmpty ? [] : options.accounts) {
        for (const region of options.regions) {
          const record = pastRecord(clock.now(), account, region);
          await ingest({
            accountId: "111122223333",
            origin: "api",
            records: [record, record],
            mayImport: true,
          });
        }
      }
      const blocks = published.splice(0);
      const { failed } = await deliver(blocks.map(({ id, body }) => ({ id, body })));
      for (const error of failed.values()) throw error;
      await digests();
    }
    clock.advance(start + (hour + 1) * HOUR - clock.now());
    await digests();
    await digests();
  }
  const logging = await trails.read("111122223333");
  await putTrails({ isLogging: false, stopLoggingTime: clock.now() });
  // Seen to be over, then ended.
  await digests();
  clock.advance(1_000);
  await digests();
  for (let late = 0; late < (options.lateFiles ?? 0); late += 1) {
    clock.advance(60_000);
    const records = [pastRecord(clock.now(), "111122223333", "us-east-1")];
    await ingest({ accountId: "111122223333", origin: "api", records, mayImport: true, trailState: logging });
    await deliver(published.splice(0).map(({ id, body }) => ({ id, body })));
    await digests();
  }
  const end = clock.now();
  database.close();
  return { start, end };
}

function pastRecord(time: number, recipientAccountId: string, awsRegion: string): Buffer {
  return Buffer.from(
    JSON.stringify({
      eventVersion: "1.11",
      eventTime: new Date(time).toISOString().replace(/\.\d+/, ""),
      eventSource: "ec2.amazonaws.com",
      eventName: "RunInstances",
      awsRegion,
      eventID: crypto.randomUUID(),
      eventType: "AwsApiCall",
      recipientAccountId,
      eventCategory: "Management",
      requestParameters: { instanceType: "t3.micro" },
    }),
  );
}
