import { setTimeout as sleep } from "node:timers/promises";
import type { ImportPartReport, ImportReport } from "../../shared/api/records.ts";
import {
  LogFileTooLarge,
  MAX_INFLATED_BYTES,
  MAX_LOG_FILE_BYTES,
} from "../../shared/ingest/import-log-file.ts";
import type { LogFileIdentity } from "../../shared/ingest/import-name.ts";
import { readRecords } from "../../shared/ingest/read-records.ts";
import { recordParts } from "../../shared/ingest/record-parts.ts";
import { bulkBody } from "../batch-records.ts";
import { CommandFailure } from "../command-failure.ts";
import { type Answer, type Endpoint, messageOf, readJson, send } from "../endpoint-client.ts";
import { postRecords, type RetryPolicy, untilAnswered } from "../send-batch.ts";
import type { RefusedRecord } from "../send-records.ts";
import type { LogFileEntry } from "./log-file-entry.ts";

/** What became of a log file. */
export type EntryOutcome = "imported" | "imported-before" | "own-log-file";

/** How log files are imported. */
export interface ImportSettings {
  readonly endpoint: Endpoint;
  readonly retryPolicy: RetryPolicy;
  /** Whether the server has answered before: a first connection that is refused is final. */
  readonly reached: () => boolean;
  /** Whether log files that OpenTrail itself wrote are taken too. */
  readonly takesOwn: boolean;
  readonly onPart: (report: Pick<ImportPartReport, "accepted" | "leftOut" | "accountId">) => void;
  readonly onRefused: (record: RefusedRecord) => void;
}

const PAGE = "/_opentrail/imports";
const EMPTY_BODY = Buffer.from('{"Records":[]}');

/**
 * Imports one log file, part by part, from where an import of it has come to before.
 * @throws LogFileTooLarge, UnreadableInput, SourceFileNotFound, S3's errors: of this file alone.
 * CommandFailure where the server cannot be reached or does not take it
 */
export async function importEntry(entry: LogFileEntry, settings: ImportSettings): Promise<EntryOutcome> {
  const { bucket, key } = entry;
  const etag = await entry.etag();
  const known = await progressOf({ bucket, key, etag }, settings);
  if (known.isComplete) return "imported-before";
  const file = await entry.open();
  if (file.isOwn && !settings.takesOwn) {
    file.discard();
    return "own-log-file";
  }
  if (file.size > MAX_LOG_FILE_BYTES) {
    file.discard();
    throw new LogFileTooLarge(`It has ${file.size} bytes, and ${MAX_LOG_FILE_BYTES} is the most`);
  }
  // An object that was written anew since it was listed is another file.
  const from = file.etag === etag ? known.records : 0;
  const sending = new FileSending(entry, file.etag, from, settings);
  const records = readRecords(key, file.bytes(), MAX_INFLATED_BYTES);
  for await (const { texts, isLast } of recordParts(records, from)) {
    await sending.send(texts, isLast);
  }
  return "imported";
}

async function progressOf(
  identity: LogFileIdentity,
  { endpoint, retryPolicy, reached }: ImportSettings,
): Promise<ImportReport> {
  const path = `${PAGE}?${new URLSearchParams({ ...identity })}`;
  const answer = await untilAnswered(endpoint, () => send(endpoint, "GET", path), reached, retryPolicy);
  return readJson<ImportReport>(endpoint, answer);
}

/** Sends the parts of one file in order. */
class FileSending {
  readonly #entry: LogFileEntry;
  readonly #etag: string;
  readonly #settings: ImportSettings;
  /** Position in the file of the next record. */
  #next: number;
  /** Records right before it that no body could carry. */
  #refused = 0;

  constructor(entry: LogFileEntry, etag: string, from: number, settings: ImportSettings) {
    this.#entry = entry;
    this.#etag = etag;
    this.#next = from;
    this.#settings = settings;
  }

  /** Where the server refuses the whole body (400, 413), its halves are sent by themselves. */
  async send(texts: readonly Buffer[], isLast: boolean): Promise<void> {
    const answer = await this.#post(texts, isLast);
    if (answer.status === 200) {
      this.#take(JSON.parse(answer.text) as ImportPartReport, texts.length);
    } else if ((answer.status !== 400 && answer.status !== 413) || texts.length === 0) {
      throw new CommandFailure(
        `${this.#settings.endpoint.url} answered ${answer.status} to ${this.#entry.label}: ${messageOf(answer)}`,
      );
    } else if (texts.length === 1) {
      const code = answer.status === 413 ? "FieldTooLong" : "InvalidData";
      this.#settings.onRefused({ place: this.#place(0), code, message: messageOf(answer) });
      this.#next += 1;
      this.#refused += 1;
      if (isLast) await this.send([], true);
    } else {
      const middle = texts.length >> 1;
      await this.send(texts.slice(0, middle), false);
      await this.send(texts.slice(middle), isLast);
    }
  }

  async #post(texts: readonly Buffer[], isLast: boolean): Promise<Answer> {
    const { endpoint, retryPolicy } = this.#settings;
    const { bucket, key } = this.#entry;
    const query = new URLSearchParams({
      bucket,
      key,
      etag: this.#etag,
      first: String(this.#next),
      ...(this.#refused > 0 && { refused: String(this.#refused) }),
      ...(isLast && { last: "true" }),
    });
    const body =
      texts.length === 0
        ? EMPTY_BODY
        : bulkBody(texts.map((text, index) => ({ text, place: () => this.#place(index) })));
    for (let attempt = 1; ; attempt += 1) {
      const answer = await postRecords(endpoint, `${PAGE}?${query}`, body, () => true, retryPolicy);
      // Somebody else imports the file: they end, or their lease does.
      const isBusy = answer.status === 409 && answer.headers.has("retry-after");
      if (!isBusy || attempt >= retryPolicy.attempts) return answer;
      await sleep(Math.min(Number(answer.headers.get("retry-after")) * 1000, retryPolicy.longestDelay));
    }
  }

  #take(report: ImportPartReport, sent: number): void {
    for (const { index, code, message } of report.rejected) {
      this.#settings.onRefused({ place: this.#place(index), code, message });
    }
    this.#settings.onPart(report);
    this.#next += sent;
    this.#refused = 0;
  }

  #place(index: number): string {
    return `${this.#entry.label}, record ${this.#next + index + 1}`;
  }
}
