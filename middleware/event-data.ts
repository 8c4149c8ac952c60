import { isJsonObject, type JsonObject, type JsonValue } from "../shared/event/json.ts";
import type { AuditedCall } from "./audited-call.ts";
import { fitJson, fitText } from "./fit-json.ts";
import { type Redaction, redactedCopy } from "./redacted-copy.ts";

const KILOBYTE = 1024;

/** Bytes that PutAuditEvents takes of a member, and of the identity's. */
const LONGEST = {
  type: 128,
  principalId: KILOBYTE,
  details: 8 * KILOBYTE,
  userAgent: KILOBYTE,
  eventSource: KILOBYTE,
  eventName: KILOBYTE,
  errorCode: 256,
  errorMessage: 256,
  sourceIPAddress: KILOBYTE,
  recipientAccountId: 12,
  requestID: KILOBYTE,
  additionalEventData: 26 * KILOBYTE,
};

/** The most that PutAuditEvents takes of requestParameters and of responseElements, in bytes. */
export const LONGEST_PARAMETERS = 100 * KILOBYTE;

/** What of a recorder's settings shapes events. */
export interface EventShape {
  readonly redaction: Redaction;
  /** Bytes of requestParameters and of responseElements. */
  readonly maxParameterBytes: number;
}

/**
 * The `eventData` of a call, as JSON text: redacted, and every member within what PutAuditEvents takes. Members that
 * were cut are named in `additionalEventData.truncated`.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-integration-event-schema.html
 *
 * @param uid unique to the call
 * @throws TypeError if a member that each event needs is missing
 */
export function eventDataText(call: AuditedCall, uid: string, shape: EventShape): string {
  const { redaction, maxParameterBytes } = shape;
  const truncated: string[] = [];

  /** Members are objects in every event: patterns and queries find what is in them by name. */
  function copyOf(
    value: unknown,
    name: string,
    limit: number,
    path: readonly string[] = [name],
  ): JsonObject | undefined {
    const copy = redactedCopy(value, redaction, path);
    if (copy === undefined || copy === null) return undefined;
    const object = isJsonObject(copy) ? copy : { value: copy };
    const fitted = fitJson(object, limit);
    if (fitted !== object) truncated.push(name);
    return isJsonObject(fitted) ? fitted : undefined;
  }

  function textOf(name: keyof AuditedCall & keyof typeof LONGEST): string | undefined {
    const value = call[name];
    if (typeof value !== "string" || value === "") return undefined;
    const copy = redactedCopy(value, redaction, [name]);
    const text = fitText(typeof copy === "string" ? copy : value, LONGEST[name]);
    if (text !== copy) truncated.push(name);
    return text;
  }

  function identityText(name: "type" | "principalId"): string {
    const value = requireText(call.userIdentity?.[name], `userIdentity.${name}`);
    const copy = redactedCopy(value, redaction, ["userIdentity", name]);
    return fitText(typeof copy === "string" ? copy : value, LONGEST[name]);
  }

  function requestIdOf(id: string): JsonValue {
    return redactedCopy(id, redaction, ["additionalEventData", "requestID"]) ?? id;
  }

  const details = copyOf(call.userIdentity?.details ?? {}, "userIdentity.details", LONGEST.details, [
    "userIdentity",
    "details",
  ]);
  const data = {
    version: "1.0",
    userIdentity: { type: identityText("type"), principalId: identityText("principalId"), details },
    userAgent: textOf("userAgent"),
    eventSource: fitText(requireText(call.eventSource, "eventSource"), LONGEST.eventSource),
    eventName: fitText(requireText(call.eventName, "eventName"), LONGEST.eventName),
    eventTime: timeText(call.eventTime ?? new Date()),
    UID: uid,
    requestParameters: copyOf(call.requestParameters, "requestParameters", maxParameterBytes),
    responseElements: copyOf(call.responseElements, "responseElements", maxParameterBytes),
    errorCode: textOf("errorCode"),
    errorMessage: textOf("errorMessage"),
    sourceIPAddress: textOf("sourceIPAddress"),
    recipientAccountId: textOf("recipientAccountId"),
  };
  const additional = {
    ...(call.requestID ? { requestID: fitJson(requestIdOf(call.requestID), LONGEST.requestID) } : {}),
    ...copyOf(call.additionalEventData, "additionalEventData", LONGEST.additionalEventData),
    ...(truncated.length > 0 ? { truncated } : {}),
  };
  return JSON.stringify(
    Object.keys(additional).length > 0 ? { ...data, additionalEventData: additional } : data,
  );
}

function requireText(value: unknown, name: string): string {
  if (typeof value !== "string" || value === "") {
    throw new TypeError(`An audited call needs ${name}, a text that is not empty.`);
  }
  return value;
}

/** To the second, as events have it. @throws TypeError if the date is not valid */
function timeText(time: Date): string {
  if (!(time instanceof Date) || Number.isNaN(time.getTime())) {
    throw new TypeError("An audited call's eventTime must be a valid Date.");
  }
  return time.toISOString().replace(/\.\d{3}/, "");
}
