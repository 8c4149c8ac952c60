import type { BlockOrigin } from "../event/block.ts";
import type { Clock } from "../ports/clock.ts";
import type { ImportStore } from "../ports/import-store.ts";
import type { SourceFile } from "../ports/source-files.ts";
import { importName, type LogFileIdentity } from "./import-name.ts";
import type { Ingest, Rejection } from "./ingest.ts";
import type { OwnCallTest } from "./own-call.ts";
import { readRecords } from "./read-records.ts";
import { recordParts } from "./record-parts.ts";

/** CloudTrail's own limit for a log file, compressed. */
export const MAX_LOG_FILE_BYTES = 50 * 1024 * 1024;

/** Twenty times that: real log files inflate to some ten times their size. */
export const MAX_INFLATED_BYTES = 1024 * 1024 * 1024;

/** Longer than a part takes, shorter than a message waits before it comes again. */
const LEASE_MS = 5 * 60_000;

/** Refused records that are told of one by one. */
const FIRST_REFUSED = 10;

/** The log file is over a limit. No record of it was taken. */
export class LogFileTooLarge extends Error {
  override readonly name = "LogFileTooLarge";
}

/** Somebody else imports the log file at this moment, or has taken it over. */
export class LogFileBusy extends Error {
  override readonly name = "LogFileBusy";
}

/** Whose a log file's records are, and what is made of them. */
export interface LogFileRequest {
  readonly bucket: string;
  readonly key: string;
  readonly accountId: string;
  readonly origin: BlockOrigin;
  readonly isOwnCall: OwnCallTest;
}

/** What an import took, this time. */
export interface LogFileReport {
  readonly accepted: number;
  readonly leftOut: number;
  readonly refused: number;
  /** The first few of the refused, by their positions in the file, from 0. They stay in the file, and nowhere else. */
  readonly firstRefused: readonly Rejection[];
}

/** What importing needs. */
export interface ImportDependencies {
  readonly imports: ImportStore;
  readonly ingest: Ingest;
  readonly clock: Clock;
}

/**
 * Takes in the records of a log file that was not imported before, part by part; memory holds a part or two, however
 * large the file is. After each part it is noted how far the import has come. A process that ends between the two
 * leaves one part that comes again with the next attempt, its records with the same eventIDs: before the topic, delivery
 * is at least once.
 * @returns undefined if the file was imported already
 * @throws LogFileTooLarge, LogFileBusy; UnreadableInput, when what stands before the break was taken; what ingest,
 *   the import store and reading throw. The file is then free for another attempt, which goes on where this one ended.
 */
export async function importLogFile(
  file: SourceFile,
  request: LogFileRequest,
  { imports, ingest, clock }: ImportDependencies,
): Promise<LogFileReport | undefined> {
  const { bucket, key, accountId, origin, isOwnCall } = request;
  if (file.size > MAX_LOG_FILE_BYTES) {
    file.discard();
    throw new LogFileTooLarge(`The file has ${file.size} bytes, and ${MAX_LOG_FILE_BYTES} is the most`);
  }
  const identity: LogFileIdentity = { bucket, key, etag: file.etag };
  const name = importName(identity);
  const owner = crypto.randomUUID();
  const leaseFor = (ms: number) => ({ owner, until: clock.now() + ms });
  const claim = await imports.claim(name, leaseFor(LEASE_MS)).catch((error: unknown) => {
    file.discard();
    throw error;
  });
  if (claim.outcome !== "claimed") {
    file.discard();
    if (claim.outcome === "imported") return undefined;
    throw new LogFileBusy(`The file is being imported, until ${new Date(claim.until).toISOString()} at most`);
  }

  let { progress } = claim;
  const report = { accepted: 0, leftOut: 0, refused: 0, firstRefused: [] as Rejection[] };
  try {
    for await (const { texts, isLast } of recordParts(
      readRecords(key, file.bytes(), MAX_INFLATED_BYTES),
      progress.records,
    )) {
      const {
        accepted,
        rejected,
        leftOut = 0,
      } = await ingest({
        accountId,
        origin,
        records: texts,
        mayImport: true,
        leaveOut: isOwnCall,
      });
      for (const rejection of rejected.slice(0, FIRST_REFUSED - report.firstRefused.length)) {
        report.firstRefused.push({ ...rejection, index: progress.records + rejection.index });
      }
      report.accepted += accepted;
      report.leftOut += leftOut;
      report.refused += rejected.length;
      progress = {
        records: progress.records + texts.length,
        refused: progress.refused + rejected.length,
        isComplete: isLast,
      };
      if (!(await imports.note(name, leaseFor(LEASE_MS), progress))) {
        throw new LogFileBusy("Somebody else has taken the import over");
      }
    }
    return report;
  } catch (error) {
    // The next attempt need not wait for the lease. Where even this fails, it waits.
    await imports.note(name, leaseFor(0), progress).catch(() => false);
    throw error;
  }
}
