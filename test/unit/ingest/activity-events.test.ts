import { describe, expect, it } from "vitest";
import { MemoryMetrics } from "../../../shared/adapters/memory/metrics.ts";
import { makeActivityEvents } from "../../../shared/ingest/activity-events.ts";
import { DEFAULT_BUS_PATTERN } from "../../../shared/ingest/default-bus-pattern.ts";
import type { IngestReport, IngestRequest } from "../../../shared/ingest/ingest.ts";
import { ownCallTest } from "../../../shared/ingest/own-call.ts";
import { compilePattern } from "../../../shared/pattern/compile-pattern.ts";
import { matchesEvent } from "../../../shared/pattern/match-event.ts";

const OWN_ROLE = "arn:aws:iam::111122223333:role/opentrail-prod-deliver";

function record(change: object = {}): object {
  return {
    eventSource: "iam.amazonaws.com",
    eventName: "CreateUser",
    awsRegion: "us-east-1",
    userIdentity: { type: "IAMUser", arn: "arn:aws:iam::111122223333:user/alice" },
    ...change,
  };
}

function event(detail: object, account = "111122223333"): object {
  return { version: "0", "detail-type": "AWS API Call via CloudTrail", source: "aws.iam", account, detail };
}

function message(id: string, body: object | string) {
  return { id, body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)) };
}

/** Takes in events through an ingest that accepts all, or answers as `answer` says. */
function activityEvents(answer?: (request: IngestRequest) => IngestReport) {
  const requests: IngestRequest[] = [];
  const metrics = new MemoryMetrics();
  const events = makeActivityEvents({
    metrics,
    isOwnCall: ownCallTest({ roles: [OWN_ROLE], resources: [] }),
    sourcePrefix: "aws.",
    ingest: async (request) => {
      requests.push(request);
      return answer?.(request) ?? { accepted: request.records.length, rejected: [] };
    },
  });
  return { events, requests, metrics };
}

describe("a batch of messages", () => {
  it("the record's text is the one that stands in the event, byte for byte", async () => {
    const { events, requests } = activityEvents();
    const detail = '{"eventSource": "iam.amazonaws.com",\n "n": 1.0, "big": 12345678901234567890}';
    const body = `{"detail-type":"AWS API Call via CloudTrail", "source":"aws.iam", "x":{"detail":1}, "detail" : ${detail} ,"account":"111122223333"}`;

    const failed = await events.takeMessages([message("a", body)]);

    expect(failed.size).toBe(0);
    expect(requests[0]?.records.map(String)).toEqual([detail]);
    expect(requests[0]).toMatchObject({
      accountId: "111122223333",
      origin: "eventbridge",
      mayImport: true,
    });
  });

  it("records go to the account of their event, in one call an account", async () => {
    const { events, requests } = activityEvents();

    await events.takeMessages([
      message("a", event(record())),
      message("b", event(record(), "444455556666")),
      message("c", event(record())),
    ]);

    expect(requests.map(({ accountId, records }) => [accountId, records.length])).toEqual([
      ["111122223333", 2],
      ["444455556666", 1],
    ]);
  });

  it.each([
    ["broken JSON", "{"],
    ["another event", { "detail-type": "EC2 Instance State-change Notification", account: "1", detail: {} }],
    ["an event without a record", event([])],
    ["an event of no account", { ...event({}), account: undefined }],
    ["an event of OpenTrail's own bus", { ...event(record()), source: "opentrail.iam" }],
    ["an event that an application made up", { ...event(record()), source: "com.example.iam" }],
    ["an event without a source", { ...event(record()), source: undefined }],
    ["no event", "[1]"],
  ])("%s fails by itself", async (_, body) => {
    const { events, requests } = activityEvents();

    const failed = await events.takeMessages([message("bad", body), message("good", event(record()))]);

    expect([...failed.keys()]).toEqual(["bad"]);
    expect(requests[0]?.records).toHaveLength(1);
  });

  it("a record that is refused fails its message and no other", async () => {
    const rejected = [{ index: 1, code: "InvalidData", message: "no" }];
    const { events } = activityEvents(() => ({ accepted: 2, rejected }));

    const failed = await events.takeMessages(["a", "b", "c"].map((id) => message(id, event(record()))));

    expect([...failed].map(([id, error]) => [id, error.message])).toEqual([["b", "InvalidData: no"]]);
  });

  it("an ingest that fails fails the messages of its account", async () => {
    const { events } = activityEvents(({ accountId, records }) => {
      if (accountId === "444455556666") throw new Error("unavailable");
      return { accepted: records.length, rejected: [] };
    });

    const failed = await events.takeMessages([
      message("a", event(record(), "444455556666")),
      message("b", event(record())),
    ]);

    expect([...failed.keys()]).toEqual(["a"]);
  });

  it("calls of the stack's own roles are dropped and counted", async () => {
    const { events, requests, metrics } = activityEvents();
    const own = [
      record({ userIdentity: { type: "AssumedRole", sessionContext: { sessionIssuer: { arn: OWN_ROLE } } } }),
      record({
        eventName: "AssumeRole",
        userIdentity: { type: "AWSService", invokedBy: "lambda.amazonaws.com" },
        requestParameters: { roleArn: OWN_ROLE },
      }),
    ];

    const failed = await events.takeMessages(
      [...own, record()].map((each, index) => message(`${index}`, event(each))),
    );

    expect(failed.size).toBe(0);
    expect(requests[0]?.records.map(String)).toEqual([JSON.stringify(record())]);
    expect(metrics.read("OwnCallsDropped")).toBe(2);
  });

  it("somebody else who takes on an own role is not dropped", async () => {
    const { events, requests } = activityEvents();
    const theft = record({ eventName: "AssumeRole", requestParameters: { roleArn: OWN_ROLE } });

    await events.takeMessages([message("a", event(theft))]);

    expect(requests[0]?.records).toHaveLength(1);
  });
});

describe("the rule on the default bus", () => {
  const pattern = compilePattern(JSON.stringify(DEFAULT_BUS_PATTERN));
  const events = [
    event(record()),
    { ...event(record()), "detail-type": "AWS Service Event via CloudTrail" },
    { ...event(record()), "detail-type": "OpenTrail Activity" },
    { ...event(record()), source: "opentrail.iam" },
    { ...event(record()), source: "aws.ec2", "detail-type": "EC2 Instance State-change Notification" },
  ];

  it("has in the queue what is taken, and nothing that would fail", async () => {
    const { events: source } = activityEvents();

    const failed = await source.takeMessages(events.map((each, index) => message(`${index}`, each)));

    const matched = events.map((each) => matchesEvent(pattern, JSON.stringify(each)));
    expect(matched).toEqual([true, true, false, false, false]);
    expect(events.map((_, index) => !failed.has(`${index}`))).toEqual(matched);
  });
});

describe("an invocation's payload", () => {
  it.each([
    ["an array of records", (records: object[]) => records],
    ["Records", (records: object[]) => ({ Records: records })],
  ])("%s is ingested for the function's account and reported", async (_, payload) => {
    const rejected = [{ index: 1, code: "InvalidData", message: "no" }];
    const { events, requests } = activityEvents(() => ({ accepted: 1, rejected }));

    const report = await events.takePayload(payload([record(), { a: 1 }]), "123456789012");

    expect(report).toEqual({ accepted: 1, rejected });
    expect(requests[0]).toMatchObject({ accountId: "123456789012", origin: "api" });
    expect(requests[0]?.records.map(String)).toEqual([JSON.stringify(record()), '{"a":1}']);
  });

  it("an event of EventBridge is not emitted again and belongs to its own account", async () => {
    const { events, requests } = activityEvents();

    const report = await events.takePayload(event(record()), "123456789012");

    expect(report).toEqual({ accepted: 1, rejected: [] });
    expect(requests[0]).toMatchObject({ accountId: "111122223333", origin: "eventbridge" });
  });

  it("an event whose record is refused is an error, so that Lambda keeps it", async () => {
    const { events } = activityEvents(() => ({
      accepted: 0,
      rejected: [{ index: 0, code: "FieldNotFound", message: "eventTime" }],
    }));

    await expect(events.takePayload(event(record()), "123456789012")).rejects.toThrow("FieldNotFound");
  });

  it.each([[null], [{}], ["text"], [{ Records: {} }]])("%j is refused", async (payload) => {
    const { events } = activityEvents();

    await expect(events.takePayload(payload, "123456789012")).rejects.toThrow("The payload must be");
  });
});
