import type { ActivityBlock } from "../event/block.ts";
import { isJsonObject, type JsonObject } from "../event/json.ts";
import { describedEvent } from "../event/record.ts";
import type { EventEntry } from "../ports/event-bus.ts";

/**
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html, by eventType in
 * lower case, since some records spell `AwsConsoleSignin`.
 */
const DETAIL_TYPES: ReadonlyMap<string, string> = new Map([
  ["awsapicall", "AWS API Call via CloudTrail"],
  ["awsconsolesignin", "AWS Console Sign In via CloudTrail"],
  ["awsconsoleaction", "AWS Console Action via CloudTrail"],
  ["awsserviceevent", "AWS Service Event via CloudTrail"],
  ["awscloudtrailinsight", "AWS Insight via CloudTrail"],
  ["activitylog", "OpenTrail Activity"],
]);

const OTHER_DETAIL_TYPE = "AWS API Call via CloudTrail";
const INSIGHT_SOURCE = "cloudtrail.amazonaws.com";
const AWS_SOURCE = /^([^.]+)\.amazonaws\.com(\.cn)?$/;
const RESERVED_PREFIX = "aws.";

/** EventBridge's limit for a source. */
const MAX_SOURCE_LENGTH = 256;

/**
 * A record as an entry of PutEvents.
 * @param position the record's place in its block
 * @param detail the record's text
 * @param fields the same, parsed
 */
export function eventEntry(
  block: ActivityBlock,
  position: number,
  detail: string,
  fields: JsonObject,
  eventSourcePrefix: string,
): EventEntry {
  const group = block.groups[block.groupOf[position] ?? -1];
  return {
    source: entrySource(eventSource(fields), eventSourcePrefix),
    detailType: DETAIL_TYPES.get(String(fields.eventType).toLowerCase()) ?? OTHER_DETAIL_TYPE,
    detail,
    time: block.eventTimes[position] ?? block.acceptedAt,
    accountId: block.accountId,
    region: group?.awsRegion ?? "",
  };
}

/** Insights come from CloudTrail, whatever service they are about. */
function eventSource(fields: JsonObject): string {
  const source = describedEvent(fields).eventSource;
  return isJsonObject(fields.insightDetails) || typeof source !== "string" ? INSIGHT_SOURCE : source;
}

/**
 * `ec2.amazonaws.com` → `aws.ec2`. The source of an application stands as it is (`orders.example.com`), unless
 * it takes the prefix that is AWS's own: then ours stands in its place, or AWS would refuse the entry for ever.
 */
function entrySource(eventSource: string, prefix: string): string {
  const service = AWS_SOURCE.exec(eventSource)?.[1];
  if (service !== undefined) {
    return (prefix + service).slice(0, MAX_SOURCE_LENGTH);
  }
  const source = eventSource.startsWith(RESERVED_PREFIX)
    ? prefix + eventSource.slice(RESERVED_PREFIX.length)
    : eventSource;
  return source.slice(0, MAX_SOURCE_LENGTH);
}

/**
 * Whether AWS keeps an API call from rules that do not ask for all management events: actions that List, Get or
 * Describe, but for two of STS. Other read-only ones (AssumeRole, Decrypt) are sent.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function isWithheldReadOnlyCall(fields: JsonObject): boolean {
  const { eventName, eventSource } = fields;
  if (fields.eventType !== "AwsApiCall" || typeof eventName !== "string") {
    return false;
  }
  const isException =
    eventSource === "sts.amazonaws.com" &&
    (eventName === "GetFederationToken" || eventName === "GetSessionToken");
  return /^(List|Get|Describe)/.test(eventName) && !isException;
}
