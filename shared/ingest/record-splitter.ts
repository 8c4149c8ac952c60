import {
  BYTE_ORDER_MARK,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  NEWLINE,
  OPEN_BRACE,
  OPEN_BRACKET,
} from "./json-bytes.ts";
import { endOfValue, skipSpace } from "./scan-json.ts";
import { findRecordsArray, memberAt, sliceRecords } from "./slice-records.ts";

/** A file that cannot be cut into records from here on; what came before stands. */
export class UnreadableInput extends Error {
  override readonly name = "UnreadableInput";
}

/** One record's text, and where in its input it stands: the number of its line, or of the record, from 1. */
export interface SlicedRecord {
  readonly text: Buffer;
  readonly unit: "line" | "record";
  readonly number: number;
}

/** More than the endpoint takes in one body: what does not end within this is no record. */
const LONGEST_TEXT = 32 * 1024 * 1024;

const ENVELOPE_START = /^\{\s*"Records"\s*:\s*\[/;

/**
 * `start`: at the beginning, or after a whole JSON text: the next one's form is to be found out.
 * `elements`: inside an array of records. `envelope-end`: after the array of `{"Records":[…]}`.
 * `lines`: one record a line, to the end of the input.
 */
type State = "start" | "elements" | "envelope-end" | "lines";

/**
 * Cuts a stream of bytes into records' texts, byte for byte, as `sliceRecords` does with a whole body:
 * `{"Records":[…]}`, a JSON array, one record a line, or JSON texts end to end (concatenated log files).
 * Holds no more than one chunk and the record that it ends in.
 */
export class RecordSplitter {
  #state: State;
  #inEnvelope = false;
  #pending: Buffer = Buffer.alloc(0);
  #first = true;
  #records = 0;
  #lines = 0;
  /** Lines are numbered only where the whole input is lines. */
  #textsBeforeLines = false;

  /** @param lines whether the input is known to hold one record a line (by its name) */
  constructor(lines: boolean) {
    this.#state = lines ? "lines" : "start";
  }

  /** Takes the next bytes, and adds the records that end in them to `found`. @throws UnreadableInput */
  push(chunk: Buffer, found: SlicedRecord[]): void {
    this.#advance(chunk, false, found);
  }

  /** Adds what is left at the end of the input. @throws UnreadableInput */
  end(found: SlicedRecord[]): void {
    this.#advance(Buffer.alloc(0), true, found);
  }

  #advance(chunk: Buffer, final: boolean, records: SlicedRecord[]): void {
    let content = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    if (this.#first && (final || content.length >= BYTE_ORDER_MARK.length)) {
      this.#first = false;
      if (content.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)) {
        content = content.subarray(BYTE_ORDER_MARK.length);
      }
    }
    let position = 0;
    for (let next: number | undefined = this.#first ? undefined : 0; next !== undefined; ) {
      position = next;
      next = this.#step(content, position, final, records);
    }
    this.#pending = content.subarray(position);
    if (final && skipSpace(content, position) < content.length) {
      throw new UnreadableInput(`the input ends inside a JSON text, after ${this.#where()}`);
    }
    if (final && this.#state !== "start" && this.#state !== "lines") {
      throw new UnreadableInput(`the array of records does not end, after ${this.#where()}`);
    }
    if (this.#pending.length > LONGEST_TEXT) {
      throw new UnreadableInput(`no JSON text ends within ${LONGEST_TEXT} bytes, after ${this.#where()}`);
    }
  }

  /** Takes one step from `position`; gives the position after it, or undefined where more bytes are needed. */
  #step(content: Buffer, position: number, final: boolean, records: SlicedRecord[]): number | undefined {
    switch (this.#state) {
      case "lines":
        return this.#stepLine(content, position, final, records);
      case "elements":
        return this.#stepElement(content, position, final, records);
      case "envelope-end":
        return this.#stepEnvelopeEnd(content, position);
      case "start":
        return this.#stepText(content, position, final, records);
    }
  }

  #stepText(content: Buffer, from: number, final: boolean, records: SlicedRecord[]): number | undefined {
    const start = skipSpace(content, from);
    if (start === content.length) {
      return undefined;
    }
    if (content[start] === OPEN_BRACKET) {
      this.#enterArray(false);
      return start + 1;
    }
    if (content[start] !== OPEN_BRACE) {
      this.#state = "lines";
      return from;
    }
    const array = findRecordsArray(content, start);
    if (array !== undefined) {
      this.#enterArray(true);
      return array + 1;
    }
    const end = endOfValue(content, start);
    if (end === undefined) {
      if (!final && content.length - start <= LONGEST_TEXT) {
        return undefined;
      }
      // The first line is cut short: the ones after it may be whole.
      this.#state = "lines";
      return from;
    }
    const text = content.subarray(start, end);
    if (!text.includes(NEWLINE)) {
      this.#state = "lines";
      return from;
    }
    this.#textsBeforeLines = true;
    this.#emit(text, records);
    return end;
  }

  #enterArray(inEnvelope: boolean): void {
    this.#textsBeforeLines = true;
    this.#state = "elements";
    this.#inEnvelope = inEnvelope;
  }

  #stepElement(content: Buffer, from: number, final: boolean, records: SlicedRecord[]): number | undefined {
    const start = skipSpace(content, from);
    if (content[start] === CLOSE_BRACKET) {
      this.#state = this.#inEnvelope ? "envelope-end" : "start";
      return start + 1;
    }
    if (content[start] === COMMA) {
      return start + 1;
    }
    const end = start === content.length ? undefined : endOfValue(content, start);
    if (end === undefined || (end === content.length && !final)) {
      if (start < content.length && isStray(content[start])) {
        throw new UnreadableInput(`the array of records is broken after ${this.#where()}`);
      }
      return undefined;
    }
    this.#emit(content.subarray(start, end), records);
    return end;
  }

  #stepEnvelopeEnd(content: Buffer, from: number): number | undefined {
    const at = skipSpace(content, from);
    if (content[at] === CLOSE_BRACE) {
      this.#state = "start";
      return at + 1;
    }
    if (at === content.length) {
      return undefined;
    }
    if (content[at] !== COMMA) {
      throw new UnreadableInput(`the object around the records is broken after ${this.#where()}`);
    }
    const member = memberAt(content, at + 1);
    const end = member && endOfValue(content, member.value);
    return end === undefined || end === content.length ? undefined : end;
  }

  #stepLine(content: Buffer, from: number, final: boolean, records: SlicedRecord[]): number | undefined {
    const newline = content.indexOf(NEWLINE, from);
    if (newline === -1 && (!final || from === content.length)) {
      return undefined;
    }
    const end = newline === -1 ? content.length : newline;
    this.#lines += 1;
    const line = content.subarray(
      skipSpace(content.subarray(0, end), from),
      endWithoutSpace(content, from, end),
    );
    if (line.length > 0) {
      this.#emitLine(line, records);
    }
    return newline === -1 ? content.length : newline + 1;
  }

  #emitLine(line: Buffer, records: SlicedRecord[]): void {
    const texts = ENVELOPE_START.test(line.toString("latin1", 0, 64)) ? sliceEnvelope(line) : [line];
    for (const text of texts) {
      if (this.#textsBeforeLines) {
        this.#emit(text, records);
      } else {
        records.push({ text, unit: "line", number: this.#lines });
      }
    }
  }

  #emit(text: Buffer, records: SlicedRecord[]): void {
    this.#records += 1;
    records.push({ text, unit: "record", number: this.#records });
  }

  #where(): string {
    return this.#state === "lines" && !this.#textsBeforeLines
      ? `line ${this.#lines}`
      : `record ${this.#records}`;
  }
}

/** A line's envelope; one that is broken counts as one record, which the server will refuse. */
function sliceEnvelope(line: Buffer): readonly Buffer[] {
  try {
    return sliceRecords(line);
  } catch {
    return [line];
  }
}

/** A byte that begins no JSON value, so that no further bytes can make one of it. */
function isStray(byte: number | undefined): boolean {
  return byte === CLOSE_BRACE || byte === 0x3a;
}

function endWithoutSpace(content: Buffer, from: number, to: number): number {
  let end = to;
  while (
    end > from &&
    (content[end - 1] === 0x20 || content[end - 1] === 0x0d || content[end - 1] === 0x09)
  ) {
    end -= 1;
  }
  return end;
}
