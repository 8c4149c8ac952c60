import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { CloudTrailClient, PutEventSelectorsCommand } from "@aws-sdk/client-cloudtrail";
import {
  clientSettings,
  makeTrail,
  putRecords,
  waitUntilDelivered,
} from "../test/support/embedded-client.ts";
import { EVERYTHING } from "../test/support/everything.ts";
import { startHostProcess } from "../test/support/host-process.ts";
import { report } from "./measure.ts";
import { benchBodies, benchRecords, RECORD_SOURCE } from "./records.ts";

/*
 * How much memory the embedded host takes while records pass through it as fast as it accepts them: the most
 * that was ever resident (VmHWM), so Linux only.
 *
 *   node bench/memory.ts --records 1000000
 */
const { values } = parseArgs({ options: { records: { type: "string", default: "1000000" } } });
const count = Number(values.records);
const IN_FLIGHT = 4;
const DRAIN_MS = 600_000;

const bodies = benchBodies(benchRecords(Math.min(count, 60_000)), 3_000);
const calls = Math.ceil(count / 3_000);
const dataDir = mkdtempSync(path.join(tmpdir(), "opentrail-memory-"));
const host = await startHostProcess(dataDir);
await makeTrail(host.endpoint, "memory", "memory-logs");
await new CloudTrailClient(clientSettings(host.endpoint)).send(
  new PutEventSelectorsCommand({
    TrailName: "memory",
    AdvancedEventSelectors: structuredClone(EVERYTHING.selectors) as never,
  }),
);

const start = performance.now();
let next = 0;
let accepted = 0;
await Promise.all(
  Array.from({ length: IN_FLIGHT }, async () => {
    while (next < calls) {
      const body = bodies[next % bodies.length] as Buffer<ArrayBuffer>;
      next += 1;
      const response = await putRecords(host.endpoint, body);
      accepted += ((await response.json()) as { accepted: number }).accepted;
    }
  }),
);
const acceptedAfter = performance.now() - start;
const status = await waitUntilDelivered(host.endpoint, DRAIN_MS);
const deliveredAfter = performance.now() - start;
const peak = Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${host.pid}/status`, "utf8"))?.[1]) / 1024;
await host.stop();
rmSync(dataDir, { recursive: true });

const [logFiles] = status.stages;
report("memory", [
  {
    records: accepted,
    source: RECORD_SOURCE,
    "delivered to log files": logFiles?.delivered ?? 0,
    "peak MB": Math.round(peak),
    "bar MB": 512,
    "accepted after s": (acceptedAfter / 1000).toFixed(1),
    "delivered after s": (deliveredAfter / 1000).toFixed(1),
  },
]);
