import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import type { FakeAwsCounts } from "./fake-aws.ts";
import type { InvocationFigures } from "./lambda-invocation.ts";
import { median, type Row, report } from "./measure.ts";
import { RECORD_SOURCE } from "./records.ts";
import { type BatchEvent, batchEvent, LAMBDA_PAYLOAD_BYTES } from "./sqs-event.ts";

/*
 * The built delivery functions (`npm run build`) with the largest batches that Lambda hands over: 6 MB of blocks of
 * 100 records, and of blocks of one. Each invocation is the first one of a process with the heap that Lambda's runtime
 * gives a function of 512 MB, on one core; the services answer from the other one, each call after a fixed time.
 *
 *   node bench/lambda-batch.ts --bytes 6291456 --runs 3 --latency 1
 *
 * It fails if a message fails, or if not every record arrived. Time is a matter of the machine, and is held
 * against its bar only with --strict.
 */
const { values } = parseArgs({
  options: {
    bytes: { type: "string", default: String(LAMBDA_PAYLOAD_BYTES) },
    runs: { type: "string", default: "3" },
    latency: { type: "string", default: "1" },
    only: { type: "string" },
    strict: { type: "boolean", default: false },
  },
});
const runs = Number(values.runs);
const MEMORY_MB = 512;
const BAR_SECONDS = 10;

/** As the runtime's own start script has it: a tenth of the memory is new space, in two halves, the rest old. */
const HEAP = [
  `--max-semi-space-size=${Math.floor(MEMORY_MB / 20)}`,
  `--max-old-space-size=${MEMORY_MB - Math.floor(MEMORY_MB / 10)}`,
];

const STAGES = ["log-files", "log-groups", "event-bus", "history"] as const;
type Stage = (typeof STAGES)[number];

const dist = path.join(import.meta.dirname, "../dist/functions/deliver");
if (!existsSync(path.join(dist, "log-files.cjs")))
  throw new Error("There are no built functions: npm run build");
const isPinned = spawnSync("taskset", ["-c", "0", "true"]).status === 0;
const folder = mkdtempSync(path.join(tmpdir(), "opentrail-bench-"));
const rows: Row[] = [];
let isPassed = true;
try {
  for (const size of [100, 1]) {
    const batch = await batchEvent(size, Number(values.bytes));
    const eventFile = path.join(folder, `${size}.json`);
    writeFileSync(eventFile, JSON.stringify(batch.event));
    for (const stage of STAGES.filter((one) => values.only === undefined || one === values.only)) {
      rows.push(await measure(stage, size, batch, eventFile));
    }
  }
  report("lambda-batch", rows);
  console.log(
    `${RECORD_SOURCE}, medians of ${runs} runs; HTTP without TLS${isPinned ? "" : "; without taskset: not on one core"}`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
process.exitCode = isPassed ? 0 : 1;

async function measure(stage: Stage, size: number, batch: BatchEvent, eventFile: string): Promise<Row> {
  const figures: InvocationFigures[] = [];
  let calls: FakeAwsCounts["calls"] = {};
  for (let run = 0; run < runs; run += 1) {
    const { figure, counts, delivered } = await invoke(stage, eventFile);
    figures.push(figure);
    calls = counts.calls;
    const arrived = arrivedRecords(stage, counts) ?? delivered;
    if (figure.failedMessages > 0 || delivered !== batch.records || arrived !== batch.records) {
      isPassed = false;
      console.error(
        `${stage}: ${figure.failedMessages} messages failed; of ${batch.records} records ${delivered} were ` +
          `reported delivered, and ${arrived} arrived`,
      );
    }
  }
  const seconds = median(figures.map((figure) => figure.seconds));
  const peakMb = Math.max(...figures.map((figure) => figure.peakMb));
  if (peakMb > MEMORY_MB || (values.strict && seconds > BAR_SECONDS)) isPassed = false;
  return {
    function: stage,
    "records a block": size,
    messages: batch.event.Records.length,
    records: batch.records,
    s: seconds.toFixed(2),
    "bar s": BAR_SECONDS,
    "CPU s": median(figures.map((figure) => figure.cpuSeconds)).toFixed(2),
    "peak MB": Math.round(peakMb),
    "bar MB": MEMORY_MB,
    calls: Object.entries(calls)
      .map(([name, count]) => `${name} ${count}`)
      .join(", "),
  };
}

/** What reached the service; of the history's rows only the function itself can say. */
function arrivedRecords(stage: Stage, counts: FakeAwsCounts): number | undefined {
  const { logFileRecords, logEvents, busEvents } = counts;
  return { "log-files": logFileRecords, "log-groups": logEvents, "event-bus": busEvents, history: undefined }[
    stage
  ];
}

async function invoke(stage: Stage, eventFile: string) {
  const fake = start("1", [], ["fake-aws.ts", values.latency]);
  const [{ port }] = (await once(fake, "message")) as [{ readonly port: number }];
  const child = start("0", HEAP, ["lambda-invocation.ts", path.join(dist, `${stage}.cjs`), eventFile], {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "111122223333",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    POWERTOOLS_SERVICE_NAME: "opentrail",
    OPENTRAIL_BLOCKS_BUCKET: "blocks",
    OPENTRAIL_DELIVERY_STATUS_TABLE: "deliveryStatus",
    OPENTRAIL_EVENT_BUS: "opentrail",
    OPENTRAIL_HISTORY_TABLE: "history",
    OPENTRAIL_LEDGER_TABLE: "ledger",
    OPENTRAIL_SEND_READ_ONLY_API_CALLS: "true",
  });
  let output = "";
  child.stdout?.on("data", (chunk) => {
    output += chunk;
  });
  const figures = once(child, "message") as Promise<[InvocationFigures]>;
  const [exitCode] = await once(child, "close");
  if (exitCode !== 0) throw new Error(`The process of ${stage} ended with ${exitCode}`);
  const [figure] = await figures;
  fake.send("counts");
  const [{ counts }] = (await once(fake, "message")) as [{ readonly counts: FakeAwsCounts }];
  fake.kill();
  return { figure, counts, delivered: deliveredRecords(output) };
}

function start(
  core: string,
  flags: readonly string[],
  [script = "", ...args]: readonly string[],
  env = {},
): ChildProcess {
  const [program = "", ...command] = [
    ...(isPinned ? ["taskset", "-c", core] : []),
    process.execPath,
    ...flags,
    path.join(import.meta.dirname, script),
    ...args,
  ];
  return spawn(program, command, {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
}

/** The count `RecordsDelivered` among the lines that the function wrote for CloudWatch. */
function deliveredRecords(output: string): number {
  return output
    .split("\n")
    .filter((line) => line.includes('"RecordsDelivered"'))
    .reduce((sum, line) => sum + Number((JSON.parse(line) as Record<string, unknown>).RecordsDelivered), 0);
}
