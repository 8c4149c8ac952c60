import { randomUUID } from "node:crypto";
import type { AwsError } from "../error/aws-error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";
import type { Caller } from "./http.ts";

/** A call of the CloudTrail API, as far as its record tells of it. */
interface RecordedCall {
  readonly operation: string;
  readonly readOnly: boolean;
  readonly input: JsonObject;
  /** What the call answered, or why it failed. */
  readonly result: { readonly output: JsonObject } | { readonly error: AwsError };
  /** Milliseconds since the epoch. */
  readonly time: number;
}

const KILOBYTE = 1024;

/**
 * The management event of a call, as CloudTrail records its own calls: member names begin with a small letter, and
 * calls that change nothing have no responseElements.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
export function recordOfCall(call: RecordedCall, caller: Caller): JsonObject {
  const { result } = call;
  const answered = "output" in result && !call.readOnly ? result.output : {};
  return {
    eventVersion: "1.11",
    userIdentity: caller.userIdentity,
    eventTime: new Date(call.time).toISOString().replace(/\.\d{3}/, ""),
    eventSource: "cloudtrail.amazonaws.com",
    eventName: call.operation,
    awsRegion: caller.region,
    sourceIPAddress: caller.sourceIPAddress,
    userAgent: cut(caller.userAgent),
    ...("error" in result && { errorCode: cut(result.error.code), errorMessage: cut(result.error.message) }),
    requestParameters: elements("requestParameters", call.input),
    responseElements: elements("responseElements", answered),
    requestID: cut(caller.requestId),
    eventID: randomUUID(),
    readOnly: call.readOnly,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: caller.accountId,
    eventCategory: "Management",
  };
}

/** A field of free form: null when it is empty, and of more than 100 KB no more than that it was there. */
function elements(field: string, value: JsonObject): JsonObject | null {
  if (Object.keys(value).length === 0) return null;
  const recorded = withLowerNames(value) as JsonObject;
  const size = Buffer.byteLength(JSON.stringify(recorded));
  if (size <= 100 * KILOBYTE) return recorded;
  return { reason: `${field} too large`, omitted: true, originalSize: size };
}

function withLowerNames(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withLowerNames);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) =>
      each === undefined
        ? []
        : [[name.slice(0, 1).toLowerCase() + name.slice(1), withLowerNames(each)] as const],
    ),
  );
}

/** The first KB of a text, in UTF-8, without half a character at the end. */
function cut(text: string): string {
  if (Buffer.byteLength(text) <= KILOBYTE) return text;
  return Buffer.from(text)
    .subarray(0, KILOBYTE)
    .toString("utf8")
    .replace(/\uFFFD+$/, "");
}
