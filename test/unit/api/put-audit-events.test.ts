import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemorySettingStore } from "../../../shared/adapters/memory/setting-store.ts";
import type { Caller } from "../../../shared/api/http.ts";
import { makePutAuditEvents } from "../../../shared/api/put-audit-events.ts";
import { changeChannels } from "../../../shared/channel/channels.ts";
import { policyKey } from "../../../shared/channel/resource-policy.ts";
import type { Ingest, IngestRequest } from "../../../shared/ingest/ingest.ts";
import { readRecord } from "../../../shared/ingest/read-record.ts";
import { testCaller, testRequest } from "../../support/api-request.ts";

const CHANNEL = "arn:aws:cloudtrail:eu-west-1:111122223333:channel/EXAMPLE8-0558-4f7e-a06a-43969EXAMPLE";
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

const event = {
  version: "1.0",
  userIdentity: { type: "CustomUser", principalId: "u-1", details: { team: "a" } },
  eventSource: "shop.example.com",
  eventName: "RefundOrder",
  eventTime: "2026-01-02T03:00:00Z",
  UID: "uid-1",
  requestParameters: { amount: 1 },
};

function entry(id: string, changes: object = {}) {
  return { id, eventData: JSON.stringify({ ...event, ...changes }) };
}

function prepare(ingest?: Ingest) {
  const ingested: IngestRequest[] = [];
  const failures: unknown[] = [];
  const settings = new MemorySettingStore();
  const clock = new MemoryClock(NOW);
  const made = changeChannels({ settings, clock }, { accountId: "111122223333", region: "eu-west-1" }, () => [
    { arn: CHANNEL, name: "shop", source: "Custom", destinations: [], tags: {} },
  ]);
  const service = makePutAuditEvents({
    settings,
    ingest:
      ingest ??
      (async (request) => {
        ingested.push(request);
        for (const record of request.records) readRecord(record, request);
        return { accepted: request.records.length, rejected: [] };
      }),
    clock,
    reportFailure: (error) => failures.push(error),
  });
  async function put(
    auditEvents: unknown,
    channelArn = CHANNEL,
    { externalId, ...caller }: Partial<Caller> & { readonly externalId?: string } = {},
  ) {
    await made;
    const response = await service(
      testRequest({
        path: "/PutAuditEvents",
        query: new URLSearchParams({ channelArn, ...(externalId !== undefined && { externalId }) }),
        body: Buffer.from(JSON.stringify({ auditEvents })),
      }),
      testCaller(caller),
    );
    return { ...response, json: JSON.parse(String(response.body)) };
  }
  return { put, ingested, failures, settings };
}

describe("PutAuditEvents", () => {
  it("makes each entry an ActivityAuditLog record of the channel's region and keeps the text of eventData", async () => {
    const { put, ingested } = prepare();
    const eventData = ` ${JSON.stringify(event).replace('"amount":1', '"amount":1.0e2')} `;
    const eventDataChecksum = createHash("sha256").update(eventData).digest("base64");

    const { status, json } = await put([{ id: "a", eventData, eventDataChecksum }]);

    const [text = ""] = ingested.flatMap(({ records }) => records.map(String));
    expect(status).toBe(200);
    expect(json).toEqual({ successful: [{ id: "a", eventID: JSON.parse(text).eventID }], failed: [] });
    expect(text).toContain(`"eventData":${eventData.trim()}}`);
    expect(JSON.parse(text)).toMatchObject({
      eventCategory: "ActivityAuditLog",
      eventType: "ActivityLog",
      eventTime: "2026-01-02T03:00:00Z",
      awsRegion: "eu-west-1",
      recipientAccountId: "111122223333",
      metadata: { ingestionTime: "2026-01-02T03:04:05Z", channelARN: CHANNEL },
      eventData: { eventName: "RefundOrder" },
    });
  });

  it("gives an entry that is sent again the same eventID, and another entry another", async () => {
    const { put } = prepare();

    const first = await put([entry("a"), entry("b")]);
    const second = await put([entry("a"), entry("b", { UID: "uid-2" })]);

    const ids = [...first.json.successful, ...second.json.successful].map(({ eventID }) => eventID);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(ids[2]).toBe(ids[0]);
    expect(new Set(ids).size).toBe(3);
  });

  it("takes a time without Z as UTC", async () => {
    const { put, ingested } = prepare();

    await put([entry("a", { eventTime: "2026-01-02T03:00:00" })]);

    expect(JSON.parse(String(ingested[0]?.records[0])).eventTime).toBe("2026-01-02T03:00:00Z");
  });

  it.each([
    ["InvalidChecksum", { ...entry("bad"), eventDataChecksum: "AAAA" }],
    ["InvalidData", { id: "bad", eventData: "{" }],
    ["InvalidData", { id: "bad", eventData: "[]" }],
    ["InvalidData", { id: "bad", eventData: "[".repeat(10_000) }],
    ["InvalidData", entry("bad", { eventTime: "yesterday" })],
    ["InvalidData", entry("bad", { eventTime: "2026-01-02T03:00:00+01:00" })],
    ["InvalidData", entry("bad", { eventName: 7 })],
    ["FieldNotFound", entry("bad", { UID: undefined })],
    ["FieldNotFound", entry("bad", { userIdentity: { type: "x" } })],
    ["FieldTooLong", entry("bad", { additionalEventData: { text: "x".repeat(28 * 1024) } })],
    ["FieldTooLong", entry("bad", { errorCode: "x".repeat(257) })],
    ["InvalidEventSource", entry("bad", { eventSource: "iam.amazonaws.com" })],
    ["InvalidRecipient", entry("bad", { recipientAccountId: "444455556666" })],
  ])("answers %s for a bad entry and loses nothing else", async (errorCode, bad) => {
    const { put } = prepare();

    const { status, json } = await put([entry("first"), bad, entry("last")]);

    expect(status).toBe(200);
    expect(json.failed).toEqual([{ id: "bad", errorCode, errorMessage: expect.any(String) }]);
    expect(json.successful.map(({ id }: { id: string }) => id)).toEqual(["first", "last"]);
  });

  it("names the entries that ingest rejected", async () => {
    const { put } = prepare(async () => ({
      accepted: 1,
      rejected: [{ index: 1, code: "InvalidData", message: "nested too deep" }],
    }));

    const { json } = await put([entry("a", { UID: undefined }), entry("b"), entry("c")]);

    expect(json.failed.map(({ id }: { id: string }) => id)).toEqual(["a", "c"]);
    expect(json.successful.map(({ id }: { id: string }) => id)).toEqual(["b"]);
  });

  it.each([
    ["a repeated id", [entry("a"), entry("a")], CHANNEL, "DuplicatedAuditEventId"],
    ["no events", [], CHANNEL, "ValidationException"],
    ["101 events", Array.from({ length: 101 }, (_, i) => entry(`${i}`)), CHANNEL, "ValidationException"],
    ["an id with a space", [entry("a b")], CHANNEL, "ValidationException"],
    ["events that are no list", {}, CHANNEL, "SerializationException"],
    ["a channel that is no ARN", [entry("a")], "channel", "InvalidChannelARN"],
    ["a trail's ARN", [entry("a")], "arn:aws:cloudtrail:us-east-1:111122223333:trail/x", "InvalidChannelARN"],
    ["a channel that was not made", [entry("a")], CHANNEL.replace("EXAMPLE8", "EXAMPLE9"), "ChannelNotFound"],
    [
      "another account's channel",
      [entry("a")],
      CHANNEL.replace("1111", "4444"),
      "ChannelInsufficientPermission",
    ],
    [
      "more than 1 MB",
      [entry("a", { requestParameters: "x".repeat(1024 * 1024) })],
      CHANNEL,
      "RequestEntityTooLargeException",
    ],
  ])("refuses a call with %s as a whole", async (_, events, channelArn, code) => {
    const { put, ingested } = prepare();

    const { headers, json } = await put(events, channelArn);

    expect(json.__type).toBe(code);
    expect(headers["x-amzn-errortype"]).toBe(code);
    expect(ingested).toEqual([]);
  });

  it("answers 503 when the events cannot be made durable, and tells the operator why", async () => {
    const outage = new Error("disk full");
    const { put, failures } = prepare(async () => {
      throw outage;
    });

    const { status, json } = await put([entry("a")]);

    expect(status).toBe(503);
    expect(json.__type).toBe("ServiceUnavailable");
    expect(failures).toEqual([outage]);
  });
});

describe("a caller of another account", () => {
  const root = "arn:aws:iam::444455556666:root";
  const condition = { StringEquals: { "cloudtrail:ExternalId": "partner-1" } };

  it.each([
    ["without a policy", undefined, {}, "ChannelInsufficientPermission"],
    ["that a policy allows", [{ Principal: { AWS: root } }], {}, undefined],
    [
      "that a policy allows by its id",
      [{ Principal: { AWS: ["777788889999", "444455556666"] } }],
      {},
      undefined,
    ],
    ["that a policy for all allows", [{ Principal: "*" }], {}, undefined],
    [
      "that a policy denies",
      [{ Principal: "*" }, { Principal: { AWS: root }, Effect: "Deny" }],
      {},
      "ChannelInsufficientPermission",
    ],
    [
      "of whom a policy does not speak",
      [{ Principal: { AWS: "777788889999" } }],
      {},
      "ChannelInsufficientPermission",
    ],
    [
      "with the external id that is asked for",
      [{ Principal: { AWS: root }, Condition: condition }],
      { externalId: "partner-1" },
      undefined,
    ],
    [
      "with another external id",
      [{ Principal: { AWS: root }, Condition: condition }],
      { externalId: "partner-2" },
      "ChannelInsufficientPermission",
    ],
    [
      "without the external id",
      [{ Principal: { AWS: root }, Condition: condition }],
      {},
      "ChannelInsufficientPermission",
    ],
  ])("%s is answered as it should be", async (_, statements, changes, code) => {
    const { put, settings, ingested } = prepare();
    const Statement = statements?.map((statement) => ({
      Effect: "Allow",
      Action: "cloudtrail-data:PutAuditEvents",
      Resource: CHANNEL,
      ...statement,
    }));
    if (Statement) {
      await settings.replace(
        policyKey(CHANNEL),
        undefined,
        JSON.stringify({ Version: "2012-10-17", Statement }),
      );
    }

    const { json } = await put([entry("a")], CHANNEL, { accountId: "444455556666", ...changes });

    expect(json.__type).toBe(code);
    expect(ingested.map(({ accountId }) => accountId)).toEqual(code === undefined ? ["111122223333"] : []);
  });

  it("cannot tell a channel that is not there from one that it may not use", async () => {
    const { put } = prepare();

    const { json } = await put([entry("a")], CHANNEL.replace("EXAMPLE8", "EXAMPLE9"), {
      accountId: "444455556666",
    });

    expect(json.__type).toBe("ChannelInsufficientPermission");
  });
});
