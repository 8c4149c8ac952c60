import { readSourceKey } from "../../shared/ingest/source-key.ts";
import { CommandFailure, describeError } from "../command-failure.ts";
import type { RefusedRecord, SendProgress } from "../send-records.ts";
import { type ImportSettings, importEntry } from "./import-entry.ts";
import { type DayRange, isWithin, type LogFileEntry } from "./log-file-entry.ts";

/** What became of all files. */
export interface ImportSummary {
  readonly imported: number;
  readonly importedBefore: number;
  /** Log files that OpenTrail itself wrote. */
  readonly own: number;
  /** Objects and files that are no log files, by their keys. */
  readonly otherFiles: number;
  readonly failed: number;
  /** The first few of the failed, and why. */
  readonly firstFailed: readonly string[];
  /** Accepted records by the account whose trails and history they went to. */
  readonly accepted: ReadonlyMap<string, number>;
  readonly leftOut: number;
  readonly rejected: number;
  readonly firstRejected: readonly RefusedRecord[];
}

/** Files whose sizes are known before the work begins. */
export interface ImportSize {
  readonly files: number;
  readonly bytes: number;
}

/** Files at a time: each waits for its download, and then for its records to be made durable. */
const FILES_AT_ONCE = 8;
const FIRST = 10;

/** Counts the log files that are wanted. */
export async function measureEntries(
  entries: AsyncIterable<LogFileEntry>,
  days: DayRange,
): Promise<ImportSize> {
  let files = 0;
  let bytes = 0;
  for await (const { key, size } of entries) {
    if (readSourceKey(key) === undefined || !isWithin(key, days)) continue;
    files += 1;
    bytes += size;
  }
  return { files, bytes };
}

/**
 * Imports log files, several at a time. A file that fails costs no others.
 * @throws CommandFailure where the server cannot be reached
 */
export async function importEntries(
  entries: AsyncIterable<LogFileEntry>,
  days: DayRange,
  settings: Pick<ImportSettings, "endpoint" | "retryPolicy" | "takesOwn">,
  onProgress: (progress: SendProgress) => void,
): Promise<ImportSummary> {
  const counts = {
    imported: 0,
    importedBefore: 0,
    own: 0,
    otherFiles: 0,
    failed: 0,
    leftOut: 0,
    rejected: 0,
  };
  const firstFailed: string[] = [];
  const firstRejected: RefusedRecord[] = [];
  const accepted = new Map<string, number>();
  let bytes = 0;
  let allAccepted = 0;
  let hasAnswered = false;
  const report = (): void => onProgress({ bytes, accepted: allAccepted, rejected: counts.rejected });
  const fileSettings: ImportSettings = {
    ...settings,
    reached: () => hasAnswered,
    onPart: (part) => {
      allAccepted += part.accepted;
      counts.leftOut += part.leftOut;
      accepted.set(part.accountId, (accepted.get(part.accountId) ?? 0) + part.accepted);
      report();
    },
    onRefused: (record) => {
      counts.rejected += 1;
      if (firstRejected.length < FIRST) firstRejected.push(record);
    },
  };

  async function take(entry: LogFileEntry): Promise<void> {
    if (readSourceKey(entry.key) === undefined) {
      counts.otherFiles += 1;
      return;
    }
    if (!isWithin(entry.key, days)) return;
    try {
      const outcome = await importEntry(entry, fileSettings);
      counts[outcome === "imported" ? "imported" : outcome === "own-log-file" ? "own" : "importedBefore"] +=
        1;
    } catch (error) {
      if (error instanceof CommandFailure) throw error;
      counts.failed += 1;
      if (firstFailed.length < FIRST) firstFailed.push(`${entry.label}: ${describeError(error)}`);
    }
    hasAnswered = true;
    bytes += entry.size;
    report();
  }

  await forEachOf(entries, FILES_AT_ONCE, take);
  return { ...counts, firstFailed, accepted, firstRejected };
}

/** Runs an action for each item, several at a time; the first error ends it, when those under way have ended. */
async function forEachOf<T>(
  items: AsyncIterable<T>,
  atOnce: number,
  action: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  const errors: unknown[] = [];
  const lane = async (): Promise<void> => {
    try {
      for (
        let next = await iterator.next();
        !next.done && errors.length === 0;
        next = await iterator.next()
      ) {
        await action(next.value);
      }
    } catch (error) {
      errors.push(error);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  await iterator.return?.();
  if (errors.length > 0) throw errors[0];
}
