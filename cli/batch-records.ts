import { BULK_BODY_LIMIT } from "../shared/api/records.ts";

/** A record on its way to the endpoint, with what names it to people. */
export interface OutgoingRecord {
  readonly text: Buffer;
  /** `corpus/a.jsonl.gz, line 12` */
  readonly place: () => string;
}

/** Records small enough together for one call that is quick to retry. */
const BATCH_BYTES = 4 * 1024 * 1024;
const BATCH_RECORDS = 5_000;

/** What stands around the records in a body, at most. */
const ENVELOPE_BYTES = '{"Records":[]}'.length;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const ENVELOPE = { start: Buffer.from('{"Records":['), comma: Buffer.from(","), end: Buffer.from("]}") };
const LINE_END = Buffer.from("\n");

/** The largest record that a body has room for. */
export const LARGEST_SENDABLE = BULK_BODY_LIMIT - ENVELOPE_BYTES;

/** Collects records into batches of a few MiB. */
export class Batcher {
  #records: OutgoingRecord[] = [];
  #bytes = 0;

  /** Adds a record; gives the batch before it where it does not fit into that. */
  add(record: OutgoingRecord): readonly OutgoingRecord[] | undefined {
    const full =
      this.#records.length >= BATCH_RECORDS || this.#bytes + record.text.length > BATCH_BYTES
        ? this.take()
        : undefined;
    this.#records.push(record);
    this.#bytes += record.text.length + 1;
    return full;
  }

  /** Gives what has been collected; undefined if that is nothing. */
  take(): readonly OutgoingRecord[] | undefined {
    const records = this.#records;
    this.#records = [];
    this.#bytes = 0;
    return records.length === 0 ? undefined : records;
  }
}

/**
 * The body of a bulk call: a record a line or, where a record's text has line ends in it, a `Records` array.
 * The texts are spliced in as they are.
 */
export function bulkBody(records: readonly OutgoingRecord[]): Buffer {
  if (!records.some(({ text }) => text.includes(NEWLINE) || text.includes(CARRIAGE_RETURN))) {
    return Buffer.concat(records.flatMap(({ text }) => [text, LINE_END]));
  }
  const parts: Buffer[] = [ENVELOPE.start];
  for (const [index, { text }] of records.entries()) {
    parts.push(...(index === 0 ? [text] : [ENVELOPE.comma, text]));
  }
  return Buffer.concat([...parts, ENVELOPE.end]);
}
