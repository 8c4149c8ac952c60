import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { startEmbeddedHost } from "../local/host.ts";
import { makeTrail, putRecords } from "../test/support/embedded-client.ts";
import { median, percentile, report } from "./measure.ts";
import { benchBodies, benchRecords } from "./records.ts";

/*
 * How long it takes from the acceptance of a StopLogging event to the start of the remediation that it calls for:
 * from the moment at which the host answers the call that brought it, to the target's invocation. Once with
 * nothing else to do, and once while other records come in.
 *
 *   node bench/remediation.ts --events 200
 */
const { values } = parseArgs({
  options: { events: { type: "string", default: "200" }, background: { type: "string", default: "2000" } },
});
const events = Number(values.events);
const background = Number(values.background);
const BUCKET = "latency-logs";
const PAUSE_MS = 20;
const CALL_RECORDS = 200;

const dataDir = mkdtempSync(path.join(tmpdir(), "opentrail-latency-"));
const startedAt = new Map<string, number>();
const host = await startEmbeddedHost({
  host: "127.0.0.1",
  port: 0,
  dataDir,
  accountId: "111122223333",
  deliveryInterval: 5_000,
  gzipLevel: 6,
  maxReceives: 3,
  logLevel: "silent",
  onInvocation: (invocation) => {
    startedAt.set(String((invocation.event.detail as { eventID?: unknown }).eventID), performance.now());
  },
});
await makeTrail(host.endpoint, "latency", BUCKET);

const rows = [];
for (const rate of [0, background]) {
  const stop = rate === 0 ? async () => undefined : pourRecords(rate);
  const latencies = await measure();
  await stop();
  rows.push({
    "other records/s": rate,
    events: latencies.length,
    "median ms": median(latencies).toFixed(1),
    "p99 ms": percentile(latencies, 0.99).toFixed(1),
    "bar ms": 300,
  });
}
await host.stop();
rmSync(dataDir, { recursive: true });
report("remediation", rows);

async function measure(): Promise<readonly number[]> {
  const accepted = new Map<string, number>();
  for (let number = 0; number < events; number += 1) {
    const eventID = crypto.randomUUID();
    await putRecords(host.endpoint, stopLoggingRecord(eventID));
    accepted.set(eventID, performance.now());
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  for (const id of accepted.keys()) {
    while (!startedAt.has(id)) {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
  return [...accepted].map(([id, at]) => Math.max(0, (startedAt.get(id) ?? at) - at));
}

/** Sends records at a rate until the function that it answers is called. */
function pourRecords(rate: number): () => Promise<undefined> {
  const bodies = benchBodies(benchRecords(20_000), CALL_RECORDS);
  const gap = (1000 * CALL_RECORDS) / rate;
  let running = true;
  const pouring = (async () => {
    for (let call = 0; running; call += 1) {
      await putRecords(host.endpoint, bodies[call % bodies.length] as Buffer<ArrayBuffer>);
      await new Promise((resolve) => setTimeout(resolve, gap));
    }
  })();
  return async () => {
    running = false;
    await pouring;
    return undefined;
  };
}

/** Of a trail that does not exist: the remediation starts, finds that it is gone, and is done. */
function stopLoggingRecord(eventID: string): string {
  return JSON.stringify({
    eventTime: new Date().toISOString().replace(/\.\d+/, ""),
    eventSource: "cloudtrail.amazonaws.com",
    eventName: "StopLogging",
    awsRegion: "us-east-1",
    eventID,
    recipientAccountId: "111122223333",
    userIdentity: { type: "IAMUser", userName: "mallory" },
    requestParameters: { name: "no-such-trail" },
    readOnly: false,
  });
}
