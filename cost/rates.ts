import type { MeasuredRun } from "./measured-usage.ts";
import type { Unit, Usage } from "./prices.ts";

/** What a stage takes for each record, for each block, and for each batch of blocks that a delivery function gets. */
export interface StageRates {
  readonly stage: string;
  readonly perRecord: Usage;
  readonly perBlock: Usage;
  readonly perBatch: Usage;
}

/** Three runs that differ in one thing each: of the same blocks `shared` has several in a batch, and `large` has larger ones. */
interface Runs {
  readonly small: MeasuredRun;
  readonly large: MeasuredRun;
  readonly shared: MeasuredRun;
}

/**
 * Tells what is taken by records, by blocks and by batches apart: the plane through three runs.
 * @throws Error unless there are runs of small and of large blocks, each in a batch of its own, and one of small blocks that share batches
 */
export function ratesOf(runs: readonly MeasuredRun[]): readonly StageRates[] {
  const three = threeRuns(runs);
  const stages = new Set(Object.values(three).flatMap((run: MeasuredRun) => Object.keys(run.usage)));
  return [...stages].map((stage) => ({ stage, ...stageRates(stage, three) }));
}

function threeRuns(runs: readonly MeasuredRun[]): Runs {
  const alone = runs
    .filter(({ blocks, batches }) => batches === blocks)
    .sort((one, other) => one.records / one.blocks - other.records / other.blocks);
  const small = alone[0];
  const large = alone.at(-1);
  const shared = runs.find(
    ({ records, blocks, batches }) =>
      batches < blocks && records === small?.records && blocks === small.blocks,
  );
  if (!small || !large || !shared || small.records / small.blocks === large.records / large.blocks) {
    throw new Error(
      "A source needs runs of small blocks, of large ones, and of small ones that share batches",
    );
  }
  return { small, large, shared };
}

function stageRates(stage: string, { small, large, shared }: Runs): Omit<StageRates, "stage"> {
  const perRecord: Partial<Record<Unit, number>> = {};
  const perBlock: Partial<Record<Unit, number>> = {};
  const perBatch: Partial<Record<Unit, number>> = {};
  const units = new Set(
    [small, large, shared].flatMap((run) => Object.keys(run.usage[stage] ?? {}) as Unit[]),
  );
  for (const unit of units) {
    const countIn = (run: MeasuredRun): number => run.usage[stage]?.[unit] ?? 0;
    // Counts are whole and time is noisy: a slope below nothing is nothing.
    const ofBatch = Math.max(0, (countIn(small) - countIn(shared)) / (small.batches - shared.batches));
    const perRecordOf = (run: MeasuredRun): number => countIn(run) / run.records;
    const ofBlockAlone = Math.max(
      0,
      (perRecordOf(small) - perRecordOf(large)) /
        (small.blocks / small.records - large.blocks / large.records),
    );
    perBatch[unit] = ofBatch;
    perBlock[unit] = Math.max(0, ofBlockAlone - ofBatch);
    perRecord[unit] = Math.max(0, perRecordOf(large) - (ofBlockAlone * large.blocks) / large.records);
  }
  return { perRecord, perBlock, perBatch };
}
