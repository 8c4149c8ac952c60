import type { Stage } from "../capacity/measured.ts";
import { blocksPerBatch, type Load, placesPerBatch, recordsPerBlock, type Source } from "./load.ts";
import type { MeasuredUsage } from "./measured-usage.ts";
import { dollarsOf } from "./prices.ts";
import { ratesOf } from "./rates.ts";

const MILLION = 1e6;
const BYTES_A_GB = 1e9;

/** How long events stay in the event history, in months. */
const HISTORY_MONTHS = 3;

/** What a million more events cost, in dollars, by stage. */
export interface MarginalCost {
  readonly stages: Readonly<Record<string, number>>;
  /** All stages but those that follow. */
  readonly total: number;
  /** Stages whose price is mostly another service's for taking the events in. */
  readonly apart: Readonly<Record<string, number>>;
}

/** The stages that get blocks in batches. */
const DELIVERIES: Readonly<Record<string, Stage>> = {
  "deliver-log-files": "log-files",
  "deliver-log-groups": "log-groups",
  "deliver-event-bus": "event-bus",
  "deliver-history": "history",
};

/** Stages whose calls repeat for each trail. */
const STAGES_A_TRAIL = new Set(["deliver-log-files", "deliver-log-groups"]);

/** Stages that a deployment can go without, priced apart. */
const STAGES_APART = new Set(["deliver-log-groups", "deliver-event-bus"]);

/** What one call deletes. */
const DELETED_AT_ONCE = 10;

/**
 * The marginal cost of a million events under a load: what a record, a block and a batch of blocks take, as counted, times
 * how many of them a million events are, times the published prices; and what is kept of them.
 * @throws Error if the load's source was not measured with blocks and batches of two sizes
 */
export function marginalCost(load: Load, measured: MeasuredUsage): MarginalCost {
  const blocks = MILLION / recordsPerBlock(load);
  const stages: Record<string, number> = { "log files kept for a month": keptLogFiles(load, measured) };
  stages["event history kept for 90 days"] = dollarsOf({
    "dynamodb.gbMonths": (MILLION * HISTORY_MONTHS * measured.historyBytesPerRecord) / BYTES_A_GB,
  });
  stages["log files in digests"] =
    load.trails * writesOf("log-files", blocks, load) * dollarsOf(measured.digestedLogFile);
  stages["source's queue"] = sourceQueue(load, blocks);
  const apart: Record<string, number> = {};
  const runs = measured.runs.filter(({ source }) => source === load.source);
  for (const { stage, perRecord, perBlock, perBatch } of ratesOf(runs)) {
    if (stage === "deliver-log-groups" && !load.logGroup) continue;
    const delivery = DELIVERIES[stage];
    const batches = delivery === undefined ? blocks : writesOf(delivery, blocks, load);
    const taken =
      MILLION * dollarsOf(perRecord) + blocks * dollarsOf(perBlock) + batches * dollarsOf(perBatch);
    const emptied = delivery === undefined ? 0 : emptying(blocks, blocksPerBatch(load, delivery));
    const dollars = (STAGES_A_TRAIL.has(stage) ? load.trails : 1) * taken + emptied;
    (STAGES_APART.has(stage) ? apart : stages)[stage] = dollars;
  }
  return { stages, apart, total: Object.values(stages).reduce((sum, dollars) => sum + dollars, 0) };
}

/** How often a stage writes for a batch: for each region and account in it, such as a log file. */
function writesOf(stage: Stage, blocks: number, load: Load): number {
  return (blocks / blocksPerBatch(load, stage)) * placesPerBatch(load, stage);
}

/** How many messages a source's queue has for a million events, and how many of them come at once. */
const QUEUED: Readonly<
  Record<Source, (blocks: number) => { readonly messages: number; readonly atOnce: number }>
> = {
  api: () => ({ messages: 0, atOnce: 1 }),
  "activity-events": (blocks) => ({ messages: MILLION, atOnce: MILLION / blocks }),
  "log-files": (blocks) => ({ messages: blocks, atOnce: 1 }),
};

function sourceQueue({ source }: Load, blocks: number): number {
  const { messages, atOnce } = QUEUED[source](blocks);
  return dollarsOf({ "sqs.requests": messages }) + emptying(messages, atOnce);
}

/** What taking messages from a queue costs: each is received when it comes, by a call of its own; a batch is deleted ten a call. */
function emptying(messages: number, atOnce: number): number {
  return dollarsOf({ "sqs.requests": messages + messages / Math.min(DELETED_AT_ONCE, atOnce) });
}

function keptLogFiles({ trails }: Load, { logFileBytesPerRecord }: MeasuredUsage): number {
  return dollarsOf({ "s3.gbMonths": (trails * MILLION * logFileBytesPerRecord) / BYTES_A_GB });
}
