import { readFileSync } from "node:fs";
import path from "node:path";
import type { Source } from "./load.ts";
import type { Usage } from "./prices.ts";

/** What was counted while records passed through a deployed stack, all in blocks of one size and batches of one size. */
export interface MeasuredRun {
  readonly source: Source;
  readonly records: number;
  readonly blocks: number;
  /** Batches of blocks that each delivery function got. */
  readonly batches: number;
  /** By stage: what all its calls took. */
  readonly usage: Readonly<Record<string, Usage>>;
}

/** What `npm run test:emulator` counted. */
export interface MeasuredUsage {
  /** The emulator and its version. */
  readonly emulator: string;
  /** ISO date. */
  readonly measuredOn: string;
  readonly runs: readonly MeasuredRun[];
  /** What one scheduled run takes when there is nothing to do, by function. */
  readonly schedules: Readonly<Record<string, Usage>>;
  /** What one digest file takes, beyond its run and its log files. */
  readonly digestFile: Usage;
  /** What one log file takes to be in a digest. */
  readonly digestedLogFile: Usage;
  /** Bytes in the history's table for a record. */
  readonly historyBytesPerRecord: number;
  /** Bytes of the log files for a record. */
  readonly logFileBytesPerRecord: number;
}

/** Where the counts are. The emulator's suite writes them when it is told to, and else holds its counts against them. */
export const MEASURED_USAGE_FILE = path.join(import.meta.dirname, "measured-usage.json");

export function readMeasuredUsage(): MeasuredUsage {
  return JSON.parse(readFileSync(MEASURED_USAGE_FILE, "utf8")) as MeasuredUsage;
}
