import path from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { MemoryEventBus } from "../../shared/adapters/memory/event-bus.ts";
import { describeWithAwsCli } from "../support/aws-cli.ts";
import { describeWithBoto3 } from "../support/boto3.ts";
import { putRecords } from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost } from "../support/embedded-host.ts";

// Each command is a Python process of a second or more.
vi.setConfig({ testTimeout: 120_000 });

const EVENT_ID = "3038ebd2-c98a-4c65-9b6e-e22506292313";
const KEY = "AKIAIOSFODNN7LOOKUPS";
const USER = { type: "IAMUser", userName: "lookup-user", accessKeyId: KEY, accountId: "111122223333" };

/** One event a second, the newest last, and one of somebody else. */
const EVENTS = [
  { eventName: "RunInstances", eventID: EVENT_ID },
  {
    eventName: "DeleteBucket",
    eventSource: "s3.amazonaws.com",
    requestParameters: { bucketName: "looked-up-bucket" },
    resources: [{ type: "AWS::S3::Bucket", ARN: "arn:aws:s3:::looked-up-bucket" }],
  },
  { eventName: "DescribeVpcs", readOnly: true },
  { eventName: "TerminateInstances" },
  { eventName: "CreateVolume" },
];

/** What each attribute finds among the user's events. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  EventId: EVENT_ID,
  EventName: "RunInstances",
  ReadOnly: "true",
  Username: "lookup-user",
  ResourceType: "AWS::S3::Bucket",
  ResourceName: "looked-up-bucket",
  EventSource: "s3.amazonaws.com",
  AccessKeyId: KEY,
};
const NEWEST_FIRST = EVENTS.map(({ eventName }) => eventName).toReversed();
const FOUND: Readonly<Record<string, readonly string[]>> = {
  EventId: ["RunInstances"],
  EventName: ["RunInstances"],
  ReadOnly: ["DescribeVpcs"],
  Username: NEWEST_FIRST,
  ResourceType: ["DeleteBucket"],
  ResourceName: ["DeleteBucket"],
  EventSource: ["DeleteBucket"],
  AccessKeyId: NEWEST_FIRST,
};

let host: TestHost;

beforeAll(async () => {
  host = await startTestHost({ intercept: { eventBus: () => new MemoryEventBus() } });
  const start = Date.now() - 60_000;
  const lines = EVENTS.map((event, index) =>
    recordLine({
      userIdentity: USER,
      eventTime: new Date(start + index * 1000).toISOString().replace(/\.\d+/, ""),
      ...event,
    }),
  );
  await putRecords(host.endpoint, lines.join("\n"));
});

afterAll(() => host.remove());

describeWithBoto3("boto3's lookups", (run) => {
  test("find by each attribute, page by page, and end in the modelled errors", async () => {
    // The calls themselves become events, without a Username: ReadOnly is asked of the CLI alone.
    const { ReadOnly: _, ...attributes } = ATTRIBUTES;
    const { ReadOnly: __, ...found } = FOUND;
    const expected = JSON.stringify({ total: EVENTS.length, attributes });

    const { stdout, stderr } = await run(host.endpoint, path.join(import.meta.dirname, "boto3-lookups.py"), [
      expected,
    ]);

    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      by: found,
      "newest first": NEWEST_FIRST,
      "in the last hour": EVENTS.length,
      "an hour before that": 0,
      reversed: "InvalidTimeRangeException",
      "foreign token": "InvalidNextTokenException",
      "other size": "none",
      "token of another region": "InvalidNextTokenException",
      "too many": "InvalidMaxResultsException",
      "two attributes": "InvalidLookupAttributesException",
      event: {
        keys: [
          ...["AccessKeyId", "CloudTrailEvent", "EventId", "EventName", "EventSource", "EventTime"],
          ...["ReadOnly", "Resources", "Username"],
        ],
        timeIsDate: true,
        isRecord: true,
        Resources: [],
        ReadOnly: "false",
      },
    });
  });
});

describeWithAwsCli("the AWS CLI's lookups", (aws) => {
  async function lookUp(...args: readonly string[]) {
    const { stdout, stderr, exitCode } = await aws(host.endpoint, ["cloudtrail", "lookup-events", ...args]);
    return { stderr, exitCode, names: (): readonly string[] => eventNames(stdout) };
  }

  const eventNames = (stdout: string): readonly string[] =>
    (JSON.parse(stdout).Events as { EventName: string }[]).map(({ EventName }) => EventName);
  const by = (key: string, value: string): readonly string[] => [
    "--lookup-attributes",
    `AttributeKey=${key},AttributeValue=${value}`,
  ];

  describe("find the events by", () => {
    test.each(Object.entries(ATTRIBUTES))("%s", async (key, value) => {
      await expect
        .poll(
          async () => {
            const { names } = await lookUp(...by(key, value), "--page-size", "2");
            // Calls of other tests are events too, and read-only ones.
            return names().filter((name) => NEWEST_FIRST.includes(name));
          },
          { timeout: 60_000 },
        )
        .toEqual(FOUND[key]);
    });
  });

  test("end in the modelled errors", async () => {
    const reversed = await lookUp("--start-time", "2026-01-02", "--end-time", "2026-01-01");
    const token = await lookUp("--starting-token", "none");
    const attribute = await lookUp(...by("Colour", "red"));

    expect(reversed.stderr).toContain("(InvalidTimeRangeException) when calling the LookupEvents operation");
    expect(token.stderr).toContain("(InvalidNextTokenException)");
    expect(attribute.stderr).toContain("(InvalidLookupAttributesException)");
    expect([reversed.exitCode, token.exitCode, attribute.exitCode]).toEqual([255, 255, 255]);
  });
});
