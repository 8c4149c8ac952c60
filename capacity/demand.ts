import {
  HISTORY_UNITS_A_RECORD,
  IMPORTED_A_CPU_SECOND,
  LEDGER_UNITS_A_BLOCK,
  MEASURED,
  type MeasuredBatch,
  RECORDS_A_LOG_CALL,
  type Stage,
} from "./measured.ts";
import { QUOTAS, type QuotaName } from "./quotas.ts";
import { FEWEST_POLLERS, SETTINGS } from "./settings.ts";

/** What comes in: every record to one trail with a log group, to the event bus and to the history. */
export interface Load {
  /** Records a second. */
  readonly rate: number;
  readonly recordsPerBlock: number;
  /** Of each function. Default 512. */
  readonly memoryMb?: number;
}

/** What a load takes, in the middle of a steady flow. */
export interface Demand {
  readonly blocksPerSecond: number;
  /** Copies of each function that are at work on the average. */
  readonly copies: Readonly<Record<Stage, number>>;
  /** Of the function that takes in log files, whose blocks are large. Blocks of one record come over the endpoint. */
  readonly importingCopies: number;
  /** Seconds that a full batch takes a copy. */
  readonly batchSeconds: Readonly<Record<Stage, number>>;
  /** What each quota is asked for, in its own unit. */
  readonly used: Readonly<Record<QuotaName, number>>;
}

/** A quota and its part that a load takes: 1 is all of it. */
export interface Usage {
  readonly quota: QuotaName;
  readonly part: number;
}

const DEFAULT_MEMORY_MB = 512;

/**
 * The part of a core that a function of so many MB has: the whole of one at the most, since more were not measured.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
 */
export function coreOf(memoryMb: number): number {
  return Math.min(1, memoryMb / 1_769);
}

const RECORDS_A_BUS_CALL = 10;

const STAGES = Object.keys(MEASURED) as Stage[];

/**
 * Computes what a load takes of functions and quotas. Blocks of 100 records or more are counted as those of 100, which were
 * measured: larger ones take less. A copy's time for a full batch is what it waited for services when it was measured,
 * and its CPU time at its part of a core.
 */
export function demandOf({ rate, recordsPerBlock, memoryMb = DEFAULT_MEMORY_MB }: Load): Demand {
  const core = coreOf(memoryMb);
  const size = recordsPerBlock >= 100 ? 100 : 1;
  const blocksPerSecond = rate / recordsPerBlock;
  const byStage = (figure: (batch: MeasuredBatch, stage: Stage) => number): Record<Stage, number> =>
    Object.fromEntries(
      STAGES.map((stage) => [stage, figure(MEASURED[stage][size], stage)] as const),
    ) as Record<Stage, number>;

  const batchSeconds = byStage((batch) => secondsOfBatch(batch, core));
  const copies = byStage((batch, stage) => (rate / batch.records) * batchSeconds[stage]);
  const importingCopies = size === 1 ? 0 : rate / (IMPORTED_A_CPU_SECOND * core);
  // Gathered for a batch: until it is full, and no longer than its window. Then in the hands of a copy.
  const inFlight = byStage(({ messages }, stage) => {
    const perPoller = blocksPerSecond / Math.max(FEWEST_POLLERS, copies[stage]);
    return blocksPerSecond * (Math.min(SETTINGS[stage].window, messages / perPoller) + batchSeconds[stage]);
  });
  const used = {
    lambdaConcurrency: Object.values(copies).reduce((sum, count) => sum + count, importingCopies),
    urlRequests: size === 1 ? blocksPerSecond : 0,
    triggerConcurrency: Math.max(...Object.values(copies)),
    inFlight: Math.max(...Object.values(inFlight)),
    publishedMessages: blocksPerSecond,
    tableWrites: Math.max(blocksPerSecond * LEDGER_UNITS_A_BLOCK[size], rate * HISTORY_UNITS_A_RECORD),
    putEvents: rate / RECORDS_A_BUS_CALL,
    putLogEvents: rate / RECORDS_A_LOG_CALL,
  };
  return { blocksPerSecond, copies, importingCopies, batchSeconds, used };
}

function secondsOfBatch({ seconds, cpuSeconds }: MeasuredBatch, core: number): number {
  return Math.max(0, seconds - cpuSeconds) + cpuSeconds / core;
}

/** The quotas that a demand takes a part of, the one that is met first before the others. */
export function usages({ used }: Demand): readonly Usage[] {
  return (Object.keys(QUOTAS) as QuotaName[])
    .map((quota) => ({ quota, part: used[quota] / QUOTAS[quota].limit }))
    .sort((one, other) => other.part - one.part);
}
