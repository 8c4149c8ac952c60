import { describe, expect, test } from "vitest";
import { readLogFileNotice, UnknownNotice } from "../../../shared/ingest/log-file-notice.ts";

const KEY = "logs of ü/AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/a+b.json.gz";
const ENCODED_KEY = "logs+of+%C3%BC/AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/a%2Bb.json.gz";

function s3Event(eventName = "ObjectCreated:Put"): object {
  const s3 = { bucket: { name: "trail-logs" }, object: { key: ENCODED_KEY, size: 1, eTag: "e" } };
  return { Records: [{ eventVersion: "2.1", eventSource: "aws:s3", awsRegion: "us-east-1", eventName, s3 }] };
}

function eventBridgeEvent(detailType = "Object Created"): object {
  const detail = { version: "0", bucket: { name: "trail-logs" }, object: { key: KEY, size: 1, etag: "e" } };
  return { version: "0", "detail-type": detailType, source: "aws.s3", account: "111122223333", detail };
}

const CLOUDTRAIL = { s3Bucket: "trail-logs", s3ObjectKey: [KEY] };
const TEST_EVENT = { Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "trail-logs" };
const VALIDATION = "CloudTrail validation message.";

function text(message: object | string): string {
  return typeof message === "string" ? message : JSON.stringify(message);
}

function inEnvelope(message: object | string): string {
  const TopicArn = "arn:aws:sns:us-east-1:111122223333:trail";
  return JSON.stringify({ Type: "Notification", MessageId: "m", TopicArn, Message: text(message) });
}

describe.each([
  ["as it is", text],
  ["in the envelope of SNS", inEnvelope],
])("a message %s", (_, wrapped) => {
  test.each([
    ["S3's event notification", s3Event()],
    ["S3's notification of a copy", s3Event("ObjectCreated:Copy")],
    ["EventBridge's Object Created", eventBridgeEvent()],
    ["CloudTrail's notification", CLOUDTRAIL],
  ])("of the form of %s names the object", (__, message) => {
    expect(readLogFileNotice(wrapped(message))).toEqual({ objects: [{ bucket: "trail-logs", key: KEY }] });
  });

  test("may name several keys", () => {
    const notice = readLogFileNotice(wrapped({ s3Bucket: "b", s3ObjectKey: ["k1", "k2"] }));

    expect(notice).toEqual({
      objects: [
        { bucket: "b", key: "k1" },
        { bucket: "b", key: "k2" },
      ],
    });
  });

  test.each([
    ["S3's test event", TEST_EVENT, "test-event"],
    ["CloudTrail's validation message", VALIDATION, "validation-message"],
    ["a removal", s3Event("ObjectRemoved:Delete"), "other-event"],
    ["a removal over EventBridge", eventBridgeEvent("Object Deleted"), "other-event"],
  ])("of the form of %s is skipped", (__, message, skip) => {
    expect(readLogFileNotice(wrapped(message))).toEqual({ skip });
  });

  test.each([
    ["no JSON", "{"],
    ["an array", "[]"],
    ["an event of something else", { source: "aws.ec2", "detail-type": "x", detail: {} }],
    ["records that are not S3's", { Records: [{ eventSource: "aws:sqs" }] }],
    [
      "S3's event without a key",
      { Records: [{ eventSource: "aws:s3", eventName: "ObjectCreated:Put", s3: {} }] },
    ],
    ["CloudTrail's notification without a bucket", { s3ObjectKey: ["k"] }],
    ["a key that is not URL-encoded", JSON.stringify(s3Event()).replace("%C3%BC", "%C3")],
  ])("that is %s fails", (__, message) => {
    expect(() => readLogFileNotice(wrapped(message))).toThrow(UnknownNotice);
  });
});
