import { createHash } from "node:crypto";
import type { JsonObject } from "../../shared/event/json.ts";
import { change } from "./calls.ts";
import { deployAdmin, HOME, SHOP } from "./cast.ts";
import { recordsOf, uuidOf } from "./record.ts";

/** The call that the story stops short of: the trail is stopped. */
export function stopLoggingRecord(): JsonObject {
  const [record = {}] = recordsOf({
    name: "stop-logging",
    begins: "2026-02-11T04:19:00Z",
    calls: [change(0, deployAdmin, HOME, "cloudtrail", "StopLogging", { request: { name: "shop-trail" } })],
  });
  return record;
}

/**
 * The EventBridge event that a record becomes.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-aws-service-specific-topics.html
 */
export function eventBridgeEvent(record: JsonObject): JsonObject {
  const source = String(record.eventSource).replace(/\.amazonaws\.com$/, "");
  return {
    version: "0",
    id: uuidOf(`eventbridge ${record.eventID}`),
    "detail-type":
      record.eventType === "AwsConsoleSignIn"
        ? "AWS Console Sign In via CloudTrail"
        : "AWS API Call via CloudTrail",
    source: `aws.${source}`,
    account: record.recipientAccountId,
    time: record.eventTime,
    region: record.awsRegion,
    resources: [],
    detail: record,
  };
}

/** The body of a PutAuditEvents call: what the shop's own application says of the same night. */
export function putAuditEventsBody(): JsonObject {
  const eventData = JSON.stringify({
    version: "1.0",
    userIdentity: { type: "CustomerSupport", principalId: "nikki", details: { team: "platform" } },
    eventSource: "orders.example.com",
    eventName: "ExportInvoices",
    eventTime: "2026-02-11T03:20:12Z",
    UID: uuidOf("application event"),
    sourceIPAddress: "203.0.113.77",
    requestParameters: { year: 2025 },
    recipientAccountId: SHOP,
  });
  return {
    auditEvents: [
      {
        id: "1",
        eventData,
        eventDataChecksum: createHash("sha256").update(eventData).digest("base64"),
      },
    ],
  };
}
