/*
 * What a full batch takes, from docs/performance.md: a test holds the figures equal. `npm run bench` measures them anew.
 */

/** A delivery function with the largest batch that Lambda hands over. */
export interface MeasuredBatch {
  readonly messages: number;
  readonly records: number;
  /** By the clock, on a whole core, with services that answer after 5 to 30 ms. */
  readonly seconds: number;
  readonly cpuSeconds: number;
}

export type Stage = "log-files" | "log-groups" | "event-bus" | "history";

/** Blocks of a hundred records, and of one. */
export const MEASURED: Readonly<Record<Stage, Readonly<Record<100 | 1, MeasuredBatch>>>> = {
  "log-files": {
    100: { messages: 295, records: 29_500, seconds: 3.1, cpuSeconds: 2.2 },
    1: { messages: 2_611, records: 2_611, seconds: 4.6, cpuSeconds: 3.5 },
  },
  "log-groups": {
    100: { messages: 295, records: 29_500, seconds: 2.8, cpuSeconds: 1.2 },
    1: { messages: 2_611, records: 2_611, seconds: 0.7, cpuSeconds: 0.6 },
  },
  "event-bus": {
    100: { messages: 295, records: 29_500, seconds: 6.5, cpuSeconds: 4.6 },
    1: { messages: 2_611, records: 2_611, seconds: 1.5, cpuSeconds: 1.0 },
  },
  history: {
    100: { messages: 295, records: 29_500, seconds: 3.5, cpuSeconds: 2.1 },
    1: { messages: 2_611, records: 2_611, seconds: 1.2, cpuSeconds: 0.8 },
  },
};

/** Records of log files that `ingest/log-files` takes in a CPU second: the slower of the two that were measured. */
export const IMPORTED_A_CPU_SECOND = 56_000;

/** Events that `ingest/activity-events` takes in a CPU second, in the first batch of a process. */
export const EVENTS_A_CPU_SECOND = 13_000;

/** Records in a call of PutLogEvents, of records of some 1.3 KB. */
export const RECORDS_A_LOG_CALL = 29_500 / 38;

/**
 * Write units that a block takes of the ledger, its indexes included: the calls of the batches above. Of blocks of 100
 * records of 77 accounts and regions: 978 parts, and for each of 77 files its row, its seal, its end, and three writes of
 * the indexes. Of blocks of one record: 2,611 parts, and the same for 35 files.
 */
export const LEDGER_UNITS_A_BLOCK: Readonly<Record<100 | 1, number>> = {
  100: (978 + 6 * 77) / 295,
  1: (2_611 + 6 * 35) / 2_611,
};

/** Write units that a record takes of the event history: the bar of `bench/history-writes.ts`. */
export const HISTORY_UNITS_A_RECORD = 0.236;
