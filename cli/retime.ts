import { parseEventTime } from "../shared/event/event-time.ts";
import { endOfValue, skipSpace } from "../shared/ingest/scan-json.ts";
import { memberAt } from "../shared/ingest/slice-records.ts";

/** Where a record's top-level eventTime stands: the bytes between the quotes, and the time that they name. */
interface EventTimeSpan {
  readonly start: number;
  readonly end: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

const KEY = Buffer.from('"eventTime"');
const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;
const COMMA = 0x2c;

/** A record's eventTime in ms since the epoch; undefined if it has none that can be read. */
export function eventTimeOf(text: Buffer): number | undefined {
  return findEventTime(text)?.time;
}

/**
 * The record with its top-level eventTime moved by `shift` ms; every other byte stays, the fraction of the
 * second included. A record without a readable eventTime, or one that would leave the years 0 to 9999, stays as it is.
 * @param shift whole seconds, in milliseconds
 */
export function retime(text: Buffer, shift: number): Buffer {
  const span = findEventTime(text);
  if (span === undefined) {
    return text;
  }
  const moved = new Date(Math.floor(span.time / 1000) * 1000 + shift);
  if (moved.getUTCFullYear() < 0 || moved.getUTCFullYear() > 9999) {
    return text;
  }
  const seconds = moved.toISOString().slice(0, "2024-07-30T21:31:10".length);
  const rest = text.subarray(span.start + seconds.length, span.end);
  return Buffer.concat([text.subarray(0, span.start), Buffer.from(seconds), rest, text.subarray(span.end)]);
}

/** By how much to move times, in whole seconds as ms, so that the newest is at most a second before `now`. */
export function shiftToNow(newest: number, now: number): number {
  return Math.floor((now - newest) / 1000) * 1000;
}

/** The last member with that key counts, as it does for JSON.parse. */
function findEventTime(text: Buffer): EventTimeSpan | undefined {
  if (text[0] !== OPEN_BRACE || !text.includes(KEY)) {
    return undefined;
  }
  let found: EventTimeSpan | undefined;
  for (let position = 1; ; ) {
    const member = memberAt(text, position);
    const end = member && endOfValue(text, member.value);
    if (member === undefined || end === undefined) {
      return found;
    }
    if (text.subarray(member.key, member.keyEnd).equals(KEY)) {
      found = readSpan(text, member.value, end);
    }
    const next = skipSpace(text, end);
    if (text[next] !== COMMA) {
      return found;
    }
    position = next + 1;
  }
}

function readSpan(text: Buffer, start: number, end: number): EventTimeSpan | undefined {
  if (text[start] !== QUOTE) {
    return undefined;
  }
  const time = parseEventTime(text.toString("latin1", start + 1, end - 1));
  return time === undefined ? undefined : { start: start + 1, end: end - 1, time };
}
