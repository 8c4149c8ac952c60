import { forEachBounded } from "../concurrency/bounded.ts";
import type { Clock } from "../ports/clock.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { SourceFiles } from "../ports/source-files.ts";
import type { EventMessage } from "./activity-events.ts";
import { type ImportDependencies, importLogFile, type LogFileReport } from "./import-log-file.ts";
import { type ObjectLocation, readLogFileNotice } from "./log-file-notice.ts";
import { type OwnArns, ownCallTestsOf } from "./own-call.ts";
import { readSourceKey } from "./source-key.ts";

/** What taking in log files needs. */
export interface LogFileDependencies extends ImportDependencies {
  readonly files: SourceFiles;
  readonly clock: Clock;
  readonly metrics: Metrics;
  /** What the stack owns, whose calls are left out; undefined: they are taken. */
  readonly own: OwnArns | undefined;
  /** Whether records of files that were delivered lately are emitted on OpenTrail's event bus. */
  readonly emitsRecent: boolean;
  /** Told of a file with records that were refused. */
  readonly reportRefused: (location: ObjectLocation, report: LogFileReport) => void;
}

/**
 * Takes in a batch of messages that tell of log files. Answers, by id, those with a file that was not imported, and
 * why. Never rejects.
 */
export type TakeLogFiles = (messages: readonly EventMessage[]) => Promise<ReadonlyMap<string, Error>>;

/** Why a file, or a message, is of no interest. */
type SkipReason =
  | "test-event"
  | "validation-message"
  | "other-event"
  | "not-a-log-file"
  | "own-log-file"
  | "already-imported";

/** Files at a time: most of the time goes to waiting for S3. */
const FILES_AT_ONCE = 4;

/** What is older comes from a backlog, or was put there by hand: no rule should act on it. */
const RECENT_MS = 24 * 60 * 60_000;

/**
 * Makes the use case *take in the log files of an account's own trail*. Files received = imported + skipped + failed;
 * a message without files counts as one, and a file as often as it is told of. Log files that OpenTrail itself wrote
 * are skipped: a trail of OpenTrail's may deliver into the bucket that it takes log files from.
 */
export function makeTakeLogFiles(dependencies: LogFileDependencies): TakeLogFiles {
  const { files, clock, metrics, own, emitsRecent, reportRefused } = dependencies;
  const ownCallTestOf = ownCallTestsOf(own);

  function skip(reason: SkipReason, count = 1): void {
    metrics.count("SourceFilesSkipped", count, { reason });
  }

  /** Answers why the file is of no interest; undefined: it was imported. */
  async function take(location: ObjectLocation): Promise<SkipReason | undefined> {
    const { bucket, key } = location;
    const source = readSourceKey(key);
    if (source === undefined) return "not-a-log-file";
    const file = await files.open(bucket, key);
    if (file.isOwn) {
      file.discard();
      return "own-log-file";
    }
    const isRecent = clock.now() - (source.deliveredAt ?? Number.NEGATIVE_INFINITY) < RECENT_MS;
    const request = {
      ...location,
      accountId: source.accountId,
      origin: emitsRecent && isRecent ? "api" : "log-file",
      isOwnCall: ownCallTestOf(bucket),
    } as const;
    const report = await importLogFile(file, request, dependencies);
    if (report === undefined) return "already-imported";
    metrics.count("SourceFilesImported", 1);
    metrics.count("OwnCallsDropped", report.leftOut);
    if (report.refused > 0) reportRefused(location, report);
    return undefined;
  }

  return async (messages) => {
    const failed = new Map<string, Error>();
    const arrivals: Arrival[] = [];
    function fail(id: string, what: string, cause: unknown): void {
      const reason = cause instanceof Error ? cause.message : String(cause);
      metrics.count("SourceFilesFailed", 1);
      if (!failed.has(id)) failed.set(id, new Error(`${what}: ${reason}`, { cause }));
    }
    for (const { id, body } of messages) {
      try {
        const notice = readLogFileNotice(body.toString("utf8"));
        if ("skip" in notice) skip(notice.skip);
        else arrivals.push(...notice.objects.map((location) => ({ id, location })));
      } catch (error) {
        fail(id, "The message cannot be read", error);
      }
    }
    await forEachBounded(byFile(arrivals), FILES_AT_ONCE, async ({ ids, location }) => {
      try {
        const reason = await take(location);
        const others = ids.length - 1;
        if (reason !== undefined) skip(reason, ids.length);
        else if (others > 0) skip("already-imported", others);
      } catch (error) {
        for (const id of ids) fail(id, `s3://${location.bucket}/${location.key} was not imported`, error);
      }
    });
    return failed;
  };
}

/** That a message tells of a file. */
interface Arrival {
  readonly id: string;
  readonly location: ObjectLocation;
}

/** A file, and the messages that tell of it, one for each time that they do. */
interface ToldFile {
  readonly location: ObjectLocation;
  readonly ids: readonly string[];
}

/**
 * A file that is told of more than once is taken once, and its messages share what becomes of it: side by side only
 * one of them would get the file, and the others would fail and wait for half an hour.
 */
function byFile(arrivals: readonly Arrival[]): readonly ToldFile[] {
  const groups = Map.groupBy(arrivals, ({ location: { bucket, key } }) => `${bucket}/${key}`);
  return [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [{ location: first.location, ids: [first, ...others].map(({ id }) => id) }],
  );
}
