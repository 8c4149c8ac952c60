import { createHash } from "node:crypto";
import { AwsError } from "../error/aws-error.ts";
import { parseEventTime } from "../event/event-time.ts";
import { isJsonObject, type JsonObject } from "../event/json.ts";

/** An entry of PutAuditEvents. */
export interface AuditEvent {
  readonly id: string;
  /** JSON text of an object. */
  readonly eventData: string;
  /** Base64 of the text's SHA-256. */
  readonly eventDataChecksum?: string;
}

/** What of the call goes into the records of its entries. */
export interface AuditChannel {
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly ingestionTime: number;
}

const KILOBYTE = 1024;

/** Bytes that each field of eventData may have: strings as UTF-8, others as JSON. */
const LONGEST: Readonly<Record<string, number>> = {
  version: 256,
  userAgent: KILOBYTE,
  eventSource: KILOBYTE,
  eventName: KILOBYTE,
  UID: KILOBYTE,
  errorCode: 256,
  errorMessage: 256,
  sourceIPAddress: KILOBYTE,
  requestParameters: 100 * KILOBYTE,
  responseElements: 100 * KILOBYTE,
  additionalEventData: 28 * KILOBYTE,
};

const REQUIRED_TEXTS = ["version", "eventSource", "eventName", "eventTime", "UID"] as const;

/**
 * The id that CloudTrail gives an event: a UUID made from the entry and its channel, so that a client's retry brings
 * the same id and readers can tell that the event is there already.
 */
export function auditEventId(event: AuditEvent, channel: AuditChannel): string {
  const hex = createHash("sha256")
    .update(JSON.stringify([channel.arn, event.id, event.eventData]))
    .digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/**
 * The `ActivityAuditLog` record of an entry. The text of its eventData is kept as it came.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-integration-event-schema.html
 *
 * @throws AwsError an entry's error code: InvalidChecksum, InvalidData, FieldNotFound, FieldTooLong,
 *   InvalidEventSource, InvalidRecipient
 */
export function auditRecord(event: AuditEvent, channel: AuditChannel): Buffer {
  checkChecksum(event);
  const data = parseEventData(event.eventData);
  for (const name of REQUIRED_TEXTS) requireText(data, name);
  checkIdentity(data);
  checkLengths(data);
  checkSource(data);
  checkRecipient(data, channel.accountId);
  const head = {
    eventVersion: "1.11",
    eventCategory: "ActivityAuditLog",
    eventType: "ActivityLog",
    eventID: auditEventId(event, channel),
    eventTime: utcTime(requireText(data, "eventTime")),
    awsRegion: channel.region,
    recipientAccountId: channel.accountId,
    metadata: {
      ingestionTime: new Date(channel.ingestionTime).toISOString().replace(/\.\d{3}/, ""),
      channelARN: channel.arn,
    },
  };
  return Buffer.from(`${JSON.stringify(head).slice(0, -1)},"eventData":${event.eventData.trim()}}`);
}

function checkChecksum({ eventData, eventDataChecksum }: AuditEvent): void {
  if (eventDataChecksum === undefined) return;
  const actual = createHash("sha256").update(eventData).digest("base64");
  if (actual !== eventDataChecksum) {
    throw new AwsError("InvalidChecksum", "The checksum does not match the SHA-256 of eventData.");
  }
}

function parseEventData(text: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new AwsError("InvalidData", "eventData is not JSON.", { cause });
  }
  if (!isJsonObject(parsed)) throw new AwsError("InvalidData", "eventData is not a JSON object.");
  return parsed;
}

function requireText(object: JsonObject, name: string, path = name): string {
  const value = object[name];
  if (value === undefined || value === null || value === "") {
    throw new AwsError("FieldNotFound", `eventData has no ${path}.`);
  }
  if (typeof value !== "string") throw new AwsError("InvalidData", `${path} must be a string.`);
  return value;
}

function checkIdentity({ userIdentity }: JsonObject): void {
  if (userIdentity === undefined || userIdentity === null) {
    throw new AwsError("FieldNotFound", "eventData has no userIdentity.");
  }
  if (!isJsonObject(userIdentity)) throw new AwsError("InvalidData", "userIdentity must be an object.");
  const type = requireText(userIdentity, "type", "userIdentity.type");
  const principalId = requireText(userIdentity, "principalId", "userIdentity.principalId");
  checkLength("userIdentity.type", type.length, 128);
  checkLength("userIdentity.principalId", principalId.length, KILOBYTE);
}

function checkLengths(data: JsonObject): void {
  for (const [name, longest] of Object.entries(LONGEST)) {
    const value = data[name];
    if (value === undefined || value === null) continue;
    checkLength(name, Buffer.byteLength(typeof value === "string" ? value : jsonText(value)), longest);
  }
}

function jsonText(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    // Nested deeper than the stack: a record that deep is refused by ingest all the same.
    throw new AwsError("InvalidData", "eventData is nested too deep.", { cause });
  }
}

function checkLength(name: string, length: number, longest: number): void {
  if (length > longest) {
    throw new AwsError("FieldTooLong", `${name} has ${length} bytes, and ${longest} is the most.`);
  }
}

/** An application may not speak for AWS: what it sends would pass for AWS's own events in every rule. */
function checkSource(data: JsonObject): void {
  if (/(?:^|\.)(?:amazonaws|aws|amazon)\.com(?:\.cn)?$/i.test(requireText(data, "eventSource").trim())) {
    throw new AwsError("InvalidEventSource", "eventSource must not be an AWS service.");
  }
}

function checkRecipient({ recipientAccountId }: JsonObject, accountId: string): void {
  if (recipientAccountId === undefined || recipientAccountId === null) return;
  if (recipientAccountId !== accountId) {
    throw new AwsError("InvalidRecipient", "recipientAccountId must be the account that owns the channel.");
  }
}

/** Applications may leave out the `Z`: the time is in UTC all the same. */
function utcTime(text: string): string {
  const utc = /Z|[+-]\d\d:?\d\d$/.test(text) ? text : `${text}Z`;
  if (parseEventTime(utc) === undefined) {
    throw new AwsError("InvalidData", "eventTime must be ISO 8601 in UTC, as 2024-07-30T21:31:10Z.");
  }
  return utc;
}
