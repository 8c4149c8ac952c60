import { isAscii, isUtf8 } from "node:buffer";
import { randomUUID } from "node:crypto";
import { parseEventTime } from "../event/event-time.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";
import { type ActivityRecord, describedEvent, type RecordKind } from "../event/record.ts";
import { isNestedDeeper } from "./scan-json.ts";

/** The largest record that is accepted: 1 MiB of UTF-8. */
export const MAX_RECORD_BYTES = 1024 * 1024;

/**
 * The deepest nesting that is accepted. A deeper record would make the whole log file unreadable for common
 * readers (Python's json stops below 1,000 levels).
 */
export const MAX_NESTING = 900;

/** Why a record is refused. The codes are PutAuditEvents' own where it has one. */
export type RejectionCode = "InvalidData" | "FieldNotFound" | "FieldTooLong" | "InvalidRecipient";

/** A record is not acceptable; the others of its call are not touched by that. */
export class UnacceptableRecord extends Error {
  override readonly name = "UnacceptableRecord";
  readonly code: RejectionCode;

  constructor(code: RejectionCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** What of the call decides about its records. */
export interface RecordContext {
  /** Fills an absent recipientAccountId. */
  readonly accountId: string;
  /** Whether records may name another recipient account. */
  readonly mayImport: boolean;
}

/**
 * Checks one record and adds the members that it lacks, at its end: eventID, eventVersion, eventType,
 * recipientAccountId, eventCategory. A member that is null counts as absent. All else of the text stays as it is.
 * @param text one JSON text in UTF-8
 * @throws UnacceptableRecord
 */
export function readRecord(text: Buffer, context: RecordContext): ActivityRecord {
  const fields = parseObject(text);
  const eventTimeText = requireText(fields.eventTime, "eventTime");
  const eventTime = parseEventTime(eventTimeText);
  if (eventTime === undefined) {
    throw new UnacceptableRecord(
      "InvalidData",
      `eventTime must be ISO 8601 in UTC, as 2024-07-30T21:31:10Z, and is ${quote(eventTimeText)}`,
    );
  }
  const awsRegion = requireText(fields.awsRegion, "awsRegion");
  requireSubject(fields);
  const added = missingMembers(fields, context);
  const complete = added === undefined ? fields : { ...fields, ...added };
  const recipientAccountId = complete.recipientAccountId as string;
  if (!context.mayImport && recipientAccountId !== context.accountId) {
    throw new UnacceptableRecord(
      "InvalidRecipient",
      `recipientAccountId is ${quote(recipientAccountId)}: records of another account than ${context.accountId} need a key with "import": true`,
    );
  }
  return {
    text: added === undefined ? text : addMembers(text, added),
    fields: complete,
    kind: kindOf(complete.eventCategory),
    eventTime,
    awsRegion,
    recipientAccountId,
  };
}

function parseObject(text: Buffer): JsonObject {
  if (text.length > MAX_RECORD_BYTES) {
    throw new UnacceptableRecord(
      "FieldTooLong",
      `The record has ${text.length} bytes, and ${MAX_RECORD_BYTES} is the most`,
    );
  }
  // Nearly every record is ASCII: then neither checking nor decoding UTF-8 is needed.
  const isPlain = isAscii(text);
  if (!isPlain && !isUtf8(text)) {
    throw new UnacceptableRecord("InvalidData", "The record is not valid UTF-8");
  }
  if (isNestedDeeper(text, MAX_NESTING)) {
    throw new UnacceptableRecord("InvalidData", `The record is nested deeper than ${MAX_NESTING} levels`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text.toString(isPlain ? "latin1" : "utf8"));
  } catch (cause) {
    throw new UnacceptableRecord("InvalidData", `The record is not JSON: ${(cause as Error).message}`, {
      cause,
    });
  }
  if (!isJsonObject(value)) {
    throw new UnacceptableRecord("InvalidData", "The record is not a JSON object");
  }
  return value;
}

/** An Insights record tells what happened in insightDetails; an application's in eventData. */
function requireSubject(fields: JsonObject): void {
  if (isJsonObject(fields.insightDetails)) {
    return;
  }
  const { eventSource, eventName } = describedEvent(fields);
  requireText(eventSource, "eventSource");
  requireText(eventName, "eventName");
}

const OPTIONAL_TEXT = [
  "eventID",
  "eventVersion",
  "eventType",
  "recipientAccountId",
  "eventCategory",
] as const;

type AddedMembers = Partial<Record<(typeof OPTIONAL_TEXT)[number], string>>;

function missingMembers(fields: JsonObject, context: RecordContext): AddedMembers | undefined {
  // Nearly every record has all of them, and reading members by a name that varies costs five times as much.
  const { eventID, eventVersion, eventType, recipientAccountId, eventCategory } = fields;
  if (
    typeof eventID === "string" &&
    typeof eventVersion === "string" &&
    typeof eventType === "string" &&
    typeof recipientAccountId === "string" &&
    typeof eventCategory === "string"
  ) {
    return undefined;
  }
  return addedMembers(fields, context);
}

function addedMembers(fields: JsonObject, context: RecordContext): AddedMembers | undefined {
  let added: AddedMembers | undefined;
  for (const name of OPTIONAL_TEXT) {
    const value = fields[name];
    if (value === undefined || value === null) {
      added ??= {};
      added[name] = defaultOf(name, context);
    } else if (typeof value !== "string") {
      throw new UnacceptableRecord("InvalidData", `${name} must be a string`);
    }
  }
  return added;
}

function defaultOf(name: (typeof OPTIONAL_TEXT)[number], context: RecordContext): string {
  switch (name) {
    case "eventID":
      return randomUUID();
    case "eventVersion":
      return "1.11";
    case "eventType":
      return "AwsApiCall";
    case "recipientAccountId":
      return context.accountId;
    case "eventCategory":
      return "Management";
  }
}

function requireText(value: JsonValue | undefined, name: string): string {
  if (value === undefined || value === null || value === "") {
    throw new UnacceptableRecord("FieldNotFound", `The record has no ${name}`);
  }
  if (typeof value !== "string") {
    throw new UnacceptableRecord("InvalidData", `${name} must be a string`);
  }
  return value;
}

/** Adds members before the closing brace. A member that was null stands twice then: readers take the last. */
function addMembers(text: Buffer, added: AddedMembers): Buffer {
  const brace = text.lastIndexOf("}");
  const members = JSON.stringify(added).slice(1);
  return Buffer.concat([text.subarray(0, brace), Buffer.from(`,${members}`)]);
}

function kindOf(eventCategory: unknown): RecordKind {
  switch (eventCategory) {
    case "Data":
      return "data";
    case "Insight":
      return "insight";
    case "NetworkActivity":
      return "network-activity";
    case "Aggregated":
      return "aggregated";
    case "ActivityAuditLog":
      return "activity";
    default:
      return "management";
  }
}

function quote(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 64)}…` : text);
}
