import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { SQSBatchResponse } from "aws-lambda";

/*
 * One invocation of a built function in a process of its own: `lambda-invocation.ts BUNDLE EVENT`. Tells its parent
 * an `InvocationFigures`. The event's text is parsed within the time, as Lambda's runtime does it.
 */

/** What an invocation took. */
export interface InvocationFigures {
  readonly seconds: number;
  /** Of all threads, user and system. */
  readonly cpuSeconds: number;
  /** The most that was ever resident in the process, in MB. */
  readonly peakMb: number;
  readonly failedMessages: number;
}

const [bundle = "", eventFile = ""] = process.argv.slice(2);
const { handler } = createRequire(import.meta.url)(bundle) as {
  readonly handler: (event: unknown) => Promise<SQSBatchResponse>;
};
let text = readFileSync(eventFile, "utf8");
const cpuBefore = process.cpuUsage();
const before = performance.now();
const event: unknown = JSON.parse(text);
text = "";
const { batchItemFailures } = await handler(event);
const seconds = (performance.now() - before) / 1_000;
const { user, system } = process.cpuUsage(cpuBefore);
process.send?.({
  seconds,
  cpuSeconds: (user + system) / 1e6,
  peakMb: process.resourceUsage().maxRSS / 1_024,
  failedMessages: batchItemFailures.length,
} satisfies InvocationFigures);
process.disconnect?.();
