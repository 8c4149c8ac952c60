import {
  BYTE_ORDER_MARK,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  NEWLINE,
  OPEN_BRACE,
  OPEN_BRACKET,
} from "./json-bytes.ts";
import { endOfValue, skipSpace } from "./scan-json.ts";

/** A body that is neither `{"Records":[…]}`, nor a JSON array, nor newline-delimited JSON. */
export class MalformedBody extends Error {
  override readonly name = "MalformedBody";
}

const RECORDS = Buffer.from('"Records"');

/**
 * Cuts a body of records into one JSON text a record, without parsing or copying any: views of the body.
 * Takes `{"Records":[…]}`, a JSON array, newline-delimited JSON, and a single record over several lines. What
 * stands at a record's place is not checked here: a bad record is refused by itself.
 * @throws MalformedBody
 */
export function sliceRecords(body: Buffer): Buffer[] {
  const content = body.subarray(0, 3).equals(BYTE_ORDER_MARK) ? body.subarray(3) : body;
  const start = skipSpace(content, 0);
  if (content[start] === OPEN_BRACKET) {
    return sliceArray(content, start, requireNothingAfter);
  }
  if (content[start] !== OPEN_BRACE) {
    throw new MalformedBody(
      'The body must be {"Records":[…]}, a JSON array of records, or one record a line (NDJSON)',
    );
  }
  const records = findRecordsArray(content, start);
  if (records !== undefined) {
    return sliceArray(content, records, requireEndOfEnvelope);
  }
  const end = endOfValue(content, start);
  return end !== undefined && skipSpace(content, end) === content.length
    ? [content.subarray(start, end)]
    : sliceLines(content);
}

/** A member of an object: where its key and its value begin. */
interface Member {
  readonly key: number;
  readonly keyEnd: number;
  readonly value: number;
}

/** The member whose key begins at or after `position`, if a key and a colon stand there. */
export function memberAt(content: Buffer, position: number): Member | undefined {
  const key = skipSpace(content, position);
  const keyEnd = endOfValue(content, key);
  if (keyEnd === undefined) {
    return undefined;
  }
  const colon = skipSpace(content, keyEnd);
  return content[colon] === COLON ? { key, keyEnd, value: skipSpace(content, colon + 1) } : undefined;
}

/** Where the array of the member `Records` begins, if the object that begins at `start` has one. */
export function findRecordsArray(content: Buffer, start: number): number | undefined {
  for (let position = start + 1; ; ) {
    const member = memberAt(content, position);
    if (member === undefined) {
      return undefined;
    }
    if (
      content[member.value] === OPEN_BRACKET &&
      content.subarray(member.key, member.keyEnd).equals(RECORDS)
    ) {
      return member.value;
    }
    const valueEnd = endOfValue(content, member.value);
    const comma = valueEnd === undefined ? undefined : skipSpace(content, valueEnd);
    if (comma === undefined || content[comma] !== COMMA) {
      return undefined;
    }
    position = comma + 1;
  }
}

function sliceArray(
  content: Buffer,
  start: number,
  checkEnd: (content: Buffer, end: number) => void,
): Buffer[] {
  const records: Buffer[] = [];
  let position = skipSpace(content, start + 1);
  if (content[position] === CLOSE_BRACKET) {
    checkEnd(content, position + 1);
    return records;
  }
  for (;;) {
    const end = endOfValue(content, position);
    if (end === undefined || end === position) {
      throw new MalformedBody(`The array of records is broken at record ${records.length}, byte ${position}`);
    }
    records.push(content.subarray(position, end));
    const next = skipSpace(content, end);
    if (content[next] === CLOSE_BRACKET) {
      checkEnd(content, next + 1);
      return records;
    }
    if (content[next] !== COMMA) {
      throw new MalformedBody(
        `The array of records is broken after record ${records.length - 1}, byte ${next}`,
      );
    }
    position = skipSpace(content, next + 1);
  }
}

function requireNothingAfter(content: Buffer, end: number): void {
  if (skipSpace(content, end) !== content.length) {
    throw new MalformedBody(
      `There is something after the array of records, at byte ${skipSpace(content, end)}`,
    );
  }
}

/** The rest of `{"Records":[…], …}` must be members and the closing brace: else the body was cut short. */
function requireEndOfEnvelope(content: Buffer, end: number): void {
  let position = skipSpace(content, end);
  while (content[position] === COMMA) {
    const member = memberAt(content, position + 1);
    const valueEnd = member && endOfValue(content, member.value);
    if (valueEnd === undefined) {
      break;
    }
    position = skipSpace(content, valueEnd);
  }
  if (content[position] !== CLOSE_BRACE) {
    throw new MalformedBody("The object around the records does not end");
  }
  requireNothingAfter(content, position + 1);
}

function sliceLines(content: Buffer): Buffer[] {
  const records: Buffer[] = [];
  for (let position = 0; position < content.length; ) {
    const newline = content.indexOf(NEWLINE, position);
    const end = newline === -1 ? content.length : newline;
    const line = trimSpace(content, position, end);
    if (line.length > 0) {
      records.push(line);
    }
    position = end + 1;
  }
  return records;
}

function trimSpace(content: Buffer, from: number, to: number): Buffer {
  let start = from;
  let end = to;
  while (start < end && isSpace(content[start])) {
    start += 1;
  }
  while (end > start && isSpace(content[end - 1])) {
    end -= 1;
  }
  return content.subarray(start, end);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0d || byte === 0x09;
}
