import { spawn } from "node:child_process";
import { hash } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs, promisify } from "node:util";
import { gunzip, gzipSync } from "node:zlib";
import { startEmbeddedHost } from "../local/host.ts";
import { folderLogBuckets } from "../shared/adapters/local/log-buckets.ts";
import { LocalObjectStore } from "../shared/adapters/local/object-store.ts";
import { LocalSigningKeys } from "../shared/adapters/local/signing-keys.ts";
import { MemoryClock } from "../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../shared/adapters/memory/delivery-status.ts";
import { MemoryDigestStore } from "../shared/adapters/memory/digest-store.ts";
import { MemoryLedger } from "../shared/adapters/memory/ledger.ts";
import { MemoryTopics } from "../shared/adapters/memory/topics.ts";
import { MemoryTrailStore } from "../shared/adapters/memory/trail-store.ts";
import { forEachBounded } from "../shared/concurrency/bounded.ts";
import { logFileKey, randomSuffix } from "../shared/delivery/log-file-key.ts";
import { createDigestMaker } from "../shared/integrity/make-digests.ts";
import { validateLogs } from "../shared/integrity/validate-logs.ts";
import { median, report } from "./measure.ts";
import { benchRecords } from "./records.ts";
import { ACCOUNT_ID, BUCKET, everythingTrail } from "./trail.ts";

/*
 * How long validation of a day's log files takes, against the floor, which reads, inflates and hashes the same files
 * in the same process with as many at the same time; and against the official CLI on the same data, which reads it
 * from the embedded host, where ours is measured too.
 *
 *   node bench/validate-logs.ts --files 10000 --megabytes 1000 --runs 3
 *
 * The official CLI is left out where `OPENTRAIL_AWS_CLI` does not name it.
 */
const { values } = parseArgs({
  options: {
    files: { type: "string", default: "10000" },
    megabytes: { type: "string", default: "1000" },
    runs: { type: "string", default: "3" },
  },
});
const fileCount = Number(values.files);
const bytesAFile = (Number(values.megabytes) * 1e6) / fileCount;
const runs = Number(values.runs);

const CONCURRENCY = 16;
const HOURS = 24;
const HOUR = 60 * 60_000;
const REGION = "us-east-1";
const start = Math.floor(Date.now() / HOUR) * HOUR - (HOURS + 2) * HOUR;
const dataDir = mkdtempSync(path.join(tmpdir(), "opentrail-bench-"));
const trail = {
  ...everythingTrail(),
  logFileValidationEnabled: true,
  isLogging: true,
  startLoggingTime: start,
  createdAt: start,
};
const { end, keys, contentBytes } = await makeDay();
const period = { start, end };
const root = path.join(dataDir, "objects", BUCKET, "AWSLogs", ACCOUNT_ID, "CloudTrail");
const files = readdirSync(root, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => path.join(entry.parentPath, entry.name));

const figures: { floor: number; ours: number }[] = [];
for (let run = 0; run < runs; run += 1) {
  const ours = await seconds(validate);
  const floor = await seconds(inflateAndHash);
  figures.push({ floor, ours });
}
const floor = median(figures.map((figure) => figure.floor));
const ours = median(figures.map((figure) => figure.ours));
const rows = [
  row("inflate and hash (the floor)", floor),
  row("validate-logs on a folder", ours),
  ...(await overTheHost()),
];
report("validate-logs", rows);
rmSync(dataDir, { recursive: true });

function row(what: string, took: number) {
  return {
    what,
    seconds: Number(took.toFixed(2)),
    "MB/s": Math.round(contentBytes / 1e6 / took),
    "of the floor": Number((floor / took).toFixed(2)),
  };
}

async function validate(): Promise<void> {
  const result = await validateLogs(
    {
      trailArn: trail.trailArn,
      period,
      region: REGION,
      accountId: ACCOUNT_ID,
      destination: { s3BucketName: BUCKET },
      allowUnlisted: false,
    },
    {
      buckets: folderLogBuckets(dataDir),
      findKey: async (wanted) => keys.find(({ fingerprint }) => fingerprint === wanted),
      concurrency: CONCURRENCY,
    },
  );
  const valid = result.findings.filter(({ kind, fault }) => kind === "log" && fault === undefined).length;
  if (valid !== fileCount) throw new Error(`${valid} of ${fileCount} log files are valid`);
}

async function inflateAndHash(): Promise<void> {
  const inflate = promisify<Buffer, { chunkSize: number }, Buffer>(gunzip);
  await forEachBounded(files, CONCURRENCY, async (file) => {
    const content = await inflate(await readFile(file), { chunkSize: Math.ceil(bytesAFile * 1.1) + 1024 });
    hash("sha256", content, "hex");
  });
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const before = performance.now();
  await work();
  return (performance.now() - before) / 1000;
}

/** Both commands over S3, from a host in this process's place. */
async function overTheHost() {
  const aws = process.env.OPENTRAIL_AWS_CLI;
  if (!aws) return [];
  const host = await startEmbeddedHost({
    host: "127.0.0.1",
    port: 0,
    dataDir,
    accountId: ACCOUNT_ID,
    deliveryInterval: 5_000,
    gzipLevel: 6,
    maxReceives: 10,
    logLevel: "warn",
  });
  const range = [
    "validate-logs",
    ...["--trail-arn", trail.trailArn, "--s3-bucket", BUCKET],
    ...["--start-time", new Date(start).toISOString(), "--end-time", new Date(end).toISOString()],
  ];
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: host.endpoint,
    OPENTRAIL_ENDPOINT: host.endpoint,
    AWS_ACCESS_KEY_ID: ACCOUNT_ID,
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_DEFAULT_REGION: REGION,
  };
  const command = (program: string, args: readonly string[]): Promise<void> =>
    new Promise((resolve, reject) => {
      const child = spawn(program, args, { env, stdio: ["ignore", "ignore", "inherit"] });
      child.once("error", reject);
      child.once("exit", (code) =>
        code === 0 ? resolve() : reject(new Error(`${program} ended with ${code}`)),
      );
    });
  const main = path.join(import.meta.dirname, "../cli/main.ts");
  const rows = [
    row("opentrail validate-logs over S3", await seconds(() => command(process.execPath, [main, ...range]))),
    row("aws cloudtrail validate-logs over S3", await seconds(() => command(aws, ["cloudtrail", ...range]))),
  ];
  await host.stop();
  return rows;
}

/** A day of log files with hourly digests. The records of real calls, a different order in each file. */
async function makeDay() {
  const clock = new MemoryClock(start);
  const objects = new LocalObjectStore(dataDir, clock);
  await objects.createBucket({ name: BUCKET, accountId: ACCOUNT_ID, region: REGION, creationTime: start });
  const trails = new MemoryTrailStore();
  await trails.put(trail, 0);
  const ledger = new MemoryLedger();
  const signingKeys = new LocalSigningKeys(dataDir, clock, { maxAgeMs: 90 * 24 * HOUR });
  const makeDigests = createDigestMaker(
    {
      digests: new MemoryDigestStore(ledger),
      keys: signingKeys,
      topics: new MemoryTopics(),
      status: new MemoryDeliveryStatus(),
      ...{ ledger, objects, trails, clock },
    },
    { intervalMs: HOUR, settleMs: 0 },
  );
  const texts = benchRecords(2_000).map(String);
  const group = { recipientAccountId: ACCOUNT_ID, awsRegion: REGION, kind: "management" as const };
  let contentBytes = 0;
  for (let hour = 0; hour < HOURS; hour += 1) {
    await makeDigests();
    const numbers = Array.from({ length: fileCount }, (_, index) => index).filter((n) => n % HOURS === hour);
    await forEachBounded(numbers, CONCURRENCY, async (n) => {
      const content = contentOf(texts, n);
      contentBytes += content.length;
      const key = logFileKey({}, group, clock.now() + 30 * 60_000, randomSuffix());
      const id = `${BUCKET}/${key}`;
      await ledger.openFile({
        ...group,
        ...{ id, bucket: BUCKET, key, trailArn: trail.trailArn },
        state: "open",
        leaseUntil: clock.now(),
        digestFolder: {},
      });
      const time = clock.now();
      const sha256 = hash("sha256", content, "hex");
      await ledger.sealFile(id, { sha256, oldestEventTime: time, newestEventTime: time, records: 1 });
      await objects.putNew(BUCKET, key, gzipSync(content), { contentType: "application/json" });
      await ledger.settleFile(id);
    });
    clock.advance(HOUR);
    await makeDigests();
  }
  await trails.put({ ...trail, isLogging: false, stopLoggingTime: clock.now() }, 1);
  for (let round = 0; round < 3; round += 1) {
    clock.advance(1_000);
    await makeDigests();
  }
  return { end: clock.now(), keys: await signingKeys.all(), contentBytes };
}

function contentOf(texts: readonly string[], n: number): string {
  const records: string[] = [];
  for (let bytes = 0, at = n * 37; bytes < bytesAFile; at += 1) {
    const text = texts[at % texts.length] ?? "{}";
    records.push(text);
    bytes += text.length + 1;
  }
  return `{"Records":[${records.join(",")}]}`;
}
