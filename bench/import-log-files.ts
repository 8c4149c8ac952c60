import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";
import { createGzip } from "node:zlib";
import { MemoryImportStore } from "../shared/adapters/memory/import-store.ts";
import { MemoryMetrics } from "../shared/adapters/memory/metrics.ts";
import { MemoryTrailStore } from "../shared/adapters/memory/trail-store.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { makeIngest } from "../shared/ingest/ingest.ts";
import { makeTakeLogFiles } from "../shared/ingest/log-files.ts";
import { cpuSeconds, report } from "./measure.ts";
import { benchRecords, RECORD_SOURCE } from "./records.ts";
import { ACCOUNT_ID, everythingTrail } from "./trail.ts";

/*
 * A batch of messages that tell of large log files, taken in as the function does, four at a time, into blocks that are
 * published nowhere. Fails if a record is missing, or if more memory was resident than a function of 512 MB has.
 *
 *   node bench/import-log-files.ts --files 4 --records 150000
 */
const { values } = parseArgs({
  options: { files: { type: "string", default: "4" }, records: { type: "string", default: "150000" } },
});
const files = Number(values.files);
const records = Number(values.records);
const MEMORY_MB = 512;

const folder = mkdtempSync(path.join(tmpdir(), "opentrail-import-"));
const file = path.join(folder, "log-file.json.gz");
await pipeline(Readable.from(content()), createGzip({ level: 1 }), createWriteStream(file));
const megabytes = statSync(file).size / 1e6;

const trails = new MemoryTrailStore();
await trails.put(everythingTrail(), 0);
const metrics = new MemoryMetrics();
const published = { blocks: 0, records: 0 };
const takeLogFiles = makeTakeLogFiles({
  imports: new MemoryImportStore(systemClock, 60 * 60_000),
  ingest: makeIngest({
    trails,
    clock: systemClock,
    metrics,
    topic: {
      publish: async (blocks) => {
        published.blocks += blocks.length;
        for (const block of blocks) published.records += block.records;
      },
    },
  }),
  files: {
    open: async () => ({
      etag: "bench",
      size: statSync(file).size,
      isOwn: false,
      bytes: () => createReadStream(file),
      discard: () => undefined,
    }),
  },
  clock: systemClock,
  metrics,
  own: {
    roles: [`arn:aws:iam::${ACCOUNT_ID}:role/opentrail`],
    resources: [`arn:aws:sqs:us-east-1:${ACCOUNT_ID}:*`],
  },
  emitsRecent: false,
  reportRefused: () => undefined,
});
const messages = Array.from({ length: files }, (_, index) => {
  const key = `AWSLogs/${ACCOUNT_ID}/CloudTrail/us-east-1/2026/01/31/${index}.json.gz`;
  return { id: key, body: Buffer.from(JSON.stringify({ s3Bucket: "bench", s3ObjectKey: [key] })) };
});

let failed: ReadonlyMap<string, Error> = new Map();
const seconds = await cpuSeconds(async () => {
  failed = await takeLogFiles(messages);
});
rmSync(folder, { recursive: true });

const peak = process.resourceUsage().maxRSS / 1024;
report("import-log-files", [
  {
    source: RECORD_SOURCE,
    files,
    "MB a file": Number(megabytes.toFixed(1)),
    records: published.records,
    blocks: published.blocks,
    "records a CPU second": Math.round(published.records / seconds),
    [`most memory, MB (bar ${MEMORY_MB})`]: Math.round(peak),
  },
]);
for (const error of failed.values()) console.error(error.message);
const rejected = metrics.read("RecordsRejected");
if (failed.size > 0 || published.records + rejected !== files * records || peak > MEMORY_MB) process.exit(1);

function* content(): Generator<string> {
  const some = benchRecords(Math.min(records, 60_000));
  yield '{"Records":[';
  for (let index = 0; index < records; index += 1) {
    yield `${index === 0 ? "" : ","}${some[index % some.length]}`;
  }
  yield "]}";
}
