import { isJsonObject, type JsonObject } from "../event/json.ts";
import { DEFAULT_BUS_PATTERN } from "./default-bus-pattern.ts";
import { endOfValue, skipSpace } from "./scan-json.ts";

/** The text is no EventBridge event of AWS whose detail is a record of CloudTrail. */
export class NotACloudTrailEvent extends Error {
  override readonly name = "NotACloudTrailEvent";
}

/** A record that came in an EventBridge event. */
export interface EnvelopedRecord {
  /** The account that EventBridge says the event is of. */
  readonly accountId: string;
  /** The record, parsed. */
  readonly fields: JsonObject;
  /** The record's text: as it stands in the event, where the event's text is known. */
  readonly text: Buffer;
}

const DETAIL_TYPES: ReadonlySet<unknown> = new Set(DEFAULT_BUS_PATTERN["detail-type"]);

const BRACE = 0x7b;
const COMMA = 0x2c;
const DETAIL = Buffer.from('"detail"');

/** Whether a value has the form of an event of EventBridge, whatever it is about. */
export function isEventBridgeEvent(value: unknown): value is JsonObject {
  return isJsonObject(value) && typeof value["detail-type"] === "string" && "detail" in value;
}

/**
 * Reads an EventBridge event that a queue carried: the record's text is cut out of the event's, byte for byte.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 * @param sourcePrefix how the sources of events begin that are taken
 * @throws NotACloudTrailEvent
 */
export function readEventText(text: Buffer, sourcePrefix: string): EnvelopedRecord {
  const record = readEvent(parse(text), sourcePrefix);
  return { ...record, text: detailOf(text) ?? record.text };
}

/**
 * Reads an EventBridge event that was parsed before, as Lambda hands it over: the record's text is written anew,
 * and numbers in it may be spelled otherwise.
 * @param sourcePrefix how the sources of events begin that are taken
 * @throws NotACloudTrailEvent
 */
export function readEvent(event: unknown, sourcePrefix: string): EnvelopedRecord {
  if (!isEventBridgeEvent(event)) throw new NotACloudTrailEvent("This is no EventBridge event");
  const { "detail-type": detailType, source, account, detail } = event;
  if (!DETAIL_TYPES.has(detailType) || !isJsonObject(detail)) {
    throw new NotACloudTrailEvent(`The event is no record of CloudTrail but: ${String(detailType)}`);
  }
  // Events of OpenTrail's own bus look alike, and so does what an application may put on the default bus.
  if (typeof source !== "string" || !source.startsWith(sourcePrefix)) {
    throw new NotACloudTrailEvent(`The event is not AWS's own: its source is ${String(source)}`);
  }
  if (typeof account !== "string") throw new NotACloudTrailEvent("The event names no account");
  return { accountId: account, fields: detail, text: Buffer.from(JSON.stringify(detail)) };
}

function parse(text: Buffer): unknown {
  try {
    return JSON.parse(text.toString("utf8"));
  } catch (cause) {
    throw new NotACloudTrailEvent("The message is no JSON", { cause });
  }
}

/** The value of the last member `detail` of a JSON object whose text is known to be sound. */
function detailOf(text: Buffer): Buffer | undefined {
  let found: Buffer | undefined;
  for (let at = skipSpace(text, 0); text[at] === BRACE || text[at] === COMMA; ) {
    const key = skipSpace(text, at + 1);
    const keyEnd = endOfValue(text, key) ?? text.length;
    const value = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const valueEnd = endOfValue(text, value) ?? text.length;
    if (text.subarray(key, keyEnd).equals(DETAIL)) found = text.subarray(value, valueEnd);
    at = skipSpace(text, valueEnd);
  }
  return found;
}
