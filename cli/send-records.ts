import { readRecords } from "../shared/ingest/read-records.ts";
import { type SlicedRecord, UnreadableInput } from "../shared/ingest/record-splitter.ts";
import { Batcher, LARGEST_SENDABLE, type OutgoingRecord } from "./batch-records.ts";
import type { Endpoint } from "./endpoint-client.ts";
import type { InputFile } from "./input-files.ts";
import { eventTimeOf, retime } from "./retime.ts";
import { RETRY_POLICY, type RetryPolicy, sendBatch } from "./send-batch.ts";

/** A record that was refused, for people to find it. */
export interface RefusedRecord {
  /** `corpus/a.jsonl.gz, line 12` */
  readonly place: string;
  readonly code: string;
  readonly message: string;
}

/** What became of all inputs. */
export interface SendReport {
  readonly accepted: number;
  readonly rejected: number;
  /** The first few of the rejected. */
  readonly firstRejected: readonly RefusedRecord[];
  /** Inputs that could not be read to their end, and why. */
  readonly unreadable: readonly string[];
}

/** How far sending has come, for a progress bar. */
export interface SendProgress {
  /** Bytes read, as stored. */
  readonly bytes: number;
  readonly accepted: number;
  readonly rejected: number;
}

/** How to send. */
export interface SendSettings {
  /** By how much to move every eventTime, in ms; absent: not at all. */
  readonly shift?: number;
  readonly onProgress?: (progress: SendProgress) => void;
  readonly retryPolicy?: RetryPolicy;
}

/** Calls in flight: while one is made durable the next ones are read, packed and sent. */
const IN_FLIGHT = 4;
const FIRST_REJECTED = 10;
const OPEN_BRACE = 0x7b;

/**
 * Sends the records of all inputs to the endpoint's bulk call: at least once, in their order but for calls in
 * flight together. Holds a few batches in memory, however large the inputs are.
 * @throws CommandFailure when the server cannot be reached or answers with an error
 */
export async function sendRecords(
  endpoint: Endpoint,
  inputs: readonly InputFile[],
  settings: SendSettings = {},
): Promise<SendReport> {
  const sending = new Sending(endpoint, settings);
  const unreadable: string[] = [];
  for (const input of inputs) {
    try {
      for await (const records of readRecords(input.label, counted(input, sending))) {
        for (const record of records) {
          await sending.add(outgoing(input, record, settings.shift));
        }
      }
    } catch (error) {
      if (!(error instanceof UnreadableInput)) {
        throw error;
      }
      unreadable.push(`${input.label}: ${error.message}`);
    }
  }
  return { ...(await sending.finish()), unreadable };
}

/** The newest eventTime of all inputs in ms since the epoch; undefined if no record has one. */
export async function newestEventTime(inputs: readonly InputFile[]): Promise<number | undefined> {
  let newest: number | undefined;
  for (const input of inputs) {
    try {
      for await (const records of readRecords(input.label, input.open())) {
        for (const { text } of records) {
          newest = Math.max(
            newest ?? Number.NEGATIVE_INFINITY,
            eventTimeOf(text) ?? Number.NEGATIVE_INFINITY,
          );
        }
      }
    } catch (error) {
      // What cannot be read is reported when it is sent.
      if (!(error instanceof UnreadableInput)) {
        throw error;
      }
    }
  }
  return newest === undefined || Number.isFinite(newest) ? newest : undefined;
}

function outgoing(input: InputFile, record: SlicedRecord, shift: number | undefined): OutgoingRecord {
  const { unit, number } = record;
  return {
    text: shift === undefined ? record.text : retime(record.text, shift),
    place: () => `${input.label}, ${unit} ${number}`,
  };
}

async function* counted(input: InputFile, sending: Sending): AsyncGenerator<Buffer> {
  for await (const chunk of input.open()) {
    sending.countBytes(chunk.length);
    yield chunk;
  }
}

/** The calls in flight and what came of those before. */
class Sending {
  readonly #endpoint: Endpoint;
  readonly #settings: SendSettings;
  readonly #batcher = new Batcher();
  readonly #inFlight = new Set<Promise<void>>();
  readonly #firstRejected: RefusedRecord[] = [];
  #failure: unknown;
  #reached = false;
  #bytes = 0;
  #accepted = 0;
  #rejected = 0;

  constructor(endpoint: Endpoint, settings: SendSettings) {
    this.#endpoint = endpoint;
    this.#settings = settings;
  }

  countBytes(bytes: number): void {
    this.#bytes += bytes;
    this.#report();
  }

  async add(record: OutgoingRecord): Promise<void> {
    if (record.text[0] !== OPEN_BRACE) {
      this.#reject(record, "InvalidData", "The record is not a JSON object");
    } else if (record.text.length > LARGEST_SENDABLE) {
      this.#reject(record, "FieldTooLong", `The record has ${record.text.length} bytes, too many to be sent`);
    } else {
      await this.#start(this.#batcher.add(record));
    }
  }

  async finish(): Promise<Omit<SendReport, "unreadable">> {
    await this.#start(this.#batcher.take());
    await Promise.all(this.#inFlight);
    this.#throwFailure();
    this.#report();
    return { accepted: this.#accepted, rejected: this.#rejected, firstRejected: this.#firstRejected };
  }

  async #start(batch: readonly OutgoingRecord[] | undefined): Promise<void> {
    if (batch === undefined) {
      return;
    }
    // The first call goes alone, so that a server that is not there is asked once.
    while (this.#inFlight.size >= (this.#reached ? IN_FLIGHT : 1)) {
      await Promise.race(this.#inFlight);
    }
    this.#throwFailure();
    const call = this.#send(batch)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => this.#inFlight.delete(call));
    this.#inFlight.add(call);
  }

  async #send(batch: readonly OutgoingRecord[]): Promise<void> {
    const policy = this.#settings.retryPolicy ?? RETRY_POLICY;
    const report = await sendBatch(this.#endpoint, batch, () => this.#reached, policy);
    this.#reached = true;
    this.#accepted += report.accepted;
    for (const { index, code, message } of report.rejected) {
      const record = batch[index];
      if (record !== undefined) {
        this.#reject(record, code, message);
      }
    }
    this.#report();
  }

  #reject(record: OutgoingRecord, code: string, message: string): void {
    this.#rejected += 1;
    if (this.#firstRejected.length < FIRST_REJECTED) {
      this.#firstRejected.push({ place: record.place(), code, message });
    }
  }

  #report(): void {
    this.#settings.onProgress?.({ bytes: this.#bytes, accepted: this.#accepted, rejected: this.#rejected });
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) {
      throw this.#failure;
    }
  }
}
