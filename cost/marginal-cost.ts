import { type Load, recordsPerBlock } from "./load.ts";
import type { MeasuredRun, MeasuredUsage } from "./measured-usage.ts";
import { dollarsOf, type Unit, type Usage } from "./prices.ts";

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

/** Stages whose calls repeat for each trail. */
const STAGES_A_TRAIL = new Set(["deliver-log-files", "deliver-log-groups"]);

/** Stages that a deployment can go without, priced apart. */
const STAGES_APART = new Set(["deliver-log-groups", "deliver-event-bus"]);

/**
 * The marginal cost of a million events under a load: what a record and what a block takes, as counted, times how many
 * of both a million events are, times the published prices; and what is kept of them.
 * @throws Error if the load's source was not measured with blocks of two sizes
 */
export function marginalCost(load: Load, measured: MeasuredUsage): MarginalCost {
  const blocks = MILLION / recordsPerBlock(load);
  const stages: Record<string, number> = { "log files kept for a month": keptLogFiles(load, measured) };
  stages["event history kept for 90 days"] = dollarsOf({
    "dynamodb.gbMonths": (MILLION * HISTORY_MONTHS * measured.historyBytesPerRecord) / BYTES_A_GB,
  });
  // A block makes a log file, or less where several share one.
  stages["log files in digests"] = load.trails * blocks * dollarsOf(measured.digestedLogFile);
  const apart: Record<string, number> = {};
  for (const { stage, perRecord, perBlock } of ratesOf(
    measured.runs.filter(({ source }) => source === load.source),
  )) {
    if (stage === "deliver-log-groups" && !load.logGroup) continue;
    const times = STAGES_A_TRAIL.has(stage) ? load.trails : 1;
    const dollars = times * (MILLION * dollarsOf(perRecord) + blocks * dollarsOf(perBlock));
    (STAGES_APART.has(stage) ? apart : stages)[stage] = dollars;
  }
  return { stages, apart, total: Object.values(stages).reduce((sum, dollars) => sum + dollars, 0) };
}

function keptLogFiles({ trails }: Load, { logFileBytesPerRecord }: MeasuredUsage): number {
  return dollarsOf({ "s3.gbMonths": (trails * MILLION * logFileBytesPerRecord) / BYTES_A_GB });
}

interface StageRates {
  readonly stage: string;
  readonly perRecord: Usage;
  readonly perBlock: Usage;
}

/** What a record and what a block takes at each stage: the line through the runs with the smallest and largest blocks. */
export function ratesOf(runs: readonly MeasuredRun[]): readonly StageRates[] {
  const bySize = [...runs].sort((one, other) => one.records / one.blocks - other.records / other.blocks);
  const small = bySize[0];
  const large = bySize.at(-1);
  if (!small || !large || small.records / small.blocks === large.records / large.blocks) {
    throw new Error("A source needs runs with blocks of two sizes to tell a record's cost from a block's");
  }
  const stages = new Set([...Object.keys(small.usage), ...Object.keys(large.usage)]);
  return [...stages].map((stage) => ({ stage, ...stageRates(stage, small, large) }));
}

function stageRates(stage: string, small: MeasuredRun, large: MeasuredRun): Omit<StageRates, "stage"> {
  const perRecord: Partial<Record<Unit, number>> = {};
  const perBlock: Partial<Record<Unit, number>> = {};
  const units = new Set(Object.keys({ ...small.usage[stage], ...large.usage[stage] }) as Unit[]);
  for (const unit of units) {
    const ofSmall = (small.usage[stage]?.[unit] ?? 0) / small.records;
    const ofLarge = (large.usage[stage]?.[unit] ?? 0) / large.records;
    const blocksOfSmall = small.blocks / small.records;
    const blocksOfLarge = large.blocks / large.records;
    // Counts are whole and batches fall as they fall: a slope below nothing is nothing.
    const ofBlock = Math.max(0, (ofSmall - ofLarge) / (blocksOfSmall - blocksOfLarge));
    perBlock[unit] = ofBlock;
    perRecord[unit] = Math.max(0, ofLarge - ofBlock * blocksOfLarge);
  }
  return { perRecord, perBlock };
}
