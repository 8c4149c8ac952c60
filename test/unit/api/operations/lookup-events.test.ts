import { beforeEach, describe, expect, it } from "vitest";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";
import { MemoryOrderedStore } from "../../../../shared/adapters/memory/ordered-store.ts";
import type { OperationContext } from "../../../../shared/api/operation.ts";
import { lookupEvents } from "../../../../shared/api/operations/lookup-events.ts";
import type { JsonObject } from "../../../../shared/event/json.ts";
import { History } from "../../../../shared/history/history.ts";
import { incomingRecord } from "../../../../shared/history/incoming-record.ts";
import type { HistoryCategory } from "../../../../shared/history/spaces.ts";
import { testCaller } from "../../../support/api-request.ts";

const NOW = Date.UTC(2026, 0, 31);
const MINUTE = 60_000;
const DAY = 86_400_000;

interface Answer {
  readonly Events: readonly { readonly EventId: string; readonly EventName: string }[];
  readonly NextToken?: string;
}

describe("LookupEvents", () => {
  const clock = new MemoryClock(NOW);
  let history: History;
  let added: number;

  beforeEach(() => {
    history = new History(new MemoryOrderedStore(), clock, { retention: 90 * DAY, isExclusive: true });
    added = 0;
  });

  async function add(
    fields: JsonObject,
    ageMs = 0,
    category: HistoryCategory = "management",
    region = "us-east-1",
  ): Promise<void> {
    const eventTime = NOW - ageMs;
    const text = JSON.stringify({
      eventID: `event-${added++}`,
      eventTime: new Date(eventTime).toISOString(),
      eventSource: "ec2.amazonaws.com",
      eventName: "RunInstances",
      readOnly: false,
      ...fields,
    });
    const partition = { accountId: "111122223333", region, category };
    await history.append(partition, [incomingRecord(Buffer.from(text), eventTime)], NOW);
  }

  async function lookup(input: JsonObject = {}, caller: { region?: string; accountId?: string } = {}) {
    const { output } = await lookupEvents.run(input, {
      history,
      caller: testCaller(caller),
    } as unknown as OperationContext);
    return output as unknown as Answer;
  }

  const ids = ({ Events }: Answer) => Events.map(({ EventId }) => EventId);

  it("answers events newest first, the later arrival first where times are equal", async () => {
    await add({}, 2 * MINUTE);
    await add({}, MINUTE);
    await add({}, 5 * MINUTE);
    await add({}, MINUTE);

    expect(ids(await lookup())).toEqual(["event-3", "event-1", "event-0", "event-2"]);
  });

  it("an event has AWS's members, read off its record, and the record as it came", async () => {
    await add({
      readOnly: "true",
      userIdentity: {
        type: "AssumedRole",
        principalId: "AROAEXAMPLE:session",
        accessKeyId: "ASIAEXAMPLE",
      },
      requestParameters: { groupId: "sg-1" },
    });

    const { Events } = await lookup();

    expect(Events).toEqual([
      {
        EventId: "event-0",
        EventName: "RunInstances",
        ReadOnly: "true",
        AccessKeyId: "ASIAEXAMPLE",
        EventTime: NOW / 1000,
        EventSource: "ec2.amazonaws.com",
        Username: "session",
        Resources: [{ ResourceType: "AWS::EC2::SecurityGroup", ResourceName: "sg-1" }],
        CloudTrailEvent: expect.stringMatching(/^\{"eventID":"event-0".*\}$/),
      },
    ]);
  });

  it.each([
    ["EventId", "event-1"],
    ["EventName", "CreateUser"],
    ["ReadOnly", "true"],
    ["Username", "alice"],
    ["ResourceType", "AWS::IAM::User"],
    ["ResourceName", "bob"],
    ["EventSource", "iam.amazonaws.com"],
    ["AccessKeyId", "AKIAEXAMPLE"],
  ])("finds events by %s", async (AttributeKey, AttributeValue) => {
    await add({});
    await add({
      eventName: "CreateUser",
      eventSource: "iam.amazonaws.com",
      readOnly: true,
      userIdentity: { type: "IAMUser", userName: "alice", accessKeyId: "AKIAEXAMPLE" },
      requestParameters: { userName: "bob" },
    });
    await add({});

    expect(ids(await lookup({ LookupAttributes: [{ AttributeKey, AttributeValue }] }))).toEqual(["event-1"]);
  });

  it("both ends of a time range are included", async () => {
    for (const age of [1, 2, 3, 4]) {
      await add({}, age * MINUTE);
    }

    const range = { StartTime: (NOW - 3 * MINUTE) / 1000, EndTime: (NOW - 2 * MINUTE) / 1000 };

    expect(ids(await lookup(range))).toEqual(["event-1", "event-2"]);
  });

  it("events of other regions, accounts and categories, and those older than 90 days, do not come", async () => {
    await add({}, 89 * DAY);
    await add({}, 0, "management", "eu-west-1");
    await add({}, 0, "data");
    await add({}, 0, "insight");
    clock.advance(2 * DAY);

    const here = await lookup();
    const other = await lookup({}, { accountId: "444455556666" });
    clock.advance(-2 * DAY);

    expect([ids(here), ids(other)]).toEqual([[], []]);
    expect(ids(await lookup())).toEqual(["event-0"]);
  });

  it("Insights events come where they are asked for, and alone", async () => {
    await add({});
    await add(
      {
        eventSource: null,
        eventName: null,
        insightDetails: { eventSource: "ssm.amazonaws.com", eventName: "PutX" },
      },
      0,
      "insight",
    );

    const { Events } = await lookup({
      EventCategory: "insight",
      LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "PutX" }],
    });

    expect(Events).toMatchObject([
      { EventId: "event-1", EventName: "PutX", EventSource: "ssm.amazonaws.com" },
    ]);
    expect(Events[0]).not.toHaveProperty("ReadOnly");
  });

  it("pages hold each event once, in order, while others arrive; the last one has no token", async () => {
    for (let age = 1; age <= 7; age += 1) {
      await add({}, Math.ceil(age / 3) * MINUTE);
    }

    const first = await lookup({ MaxResults: 3 });
    await add({});
    await add({}, MINUTE);
    const second = await lookup({ MaxResults: 2, NextToken: first.NextToken ?? "" });
    const third = await lookup({ MaxResults: 2, NextToken: second.NextToken ?? "" });

    expect([...ids(first), ...ids(second), ...ids(third)]).toEqual(
      [2, 1, 0, 5, 4, 3, 6].map((number) => `event-${number}`),
    );
    expect(third.NextToken).toBeUndefined();
  });

  describe("refuses", () => {
    it.each([
      ["another attribute", { LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "X" }] }, {}],
      ["another time range", { StartTime: 1 }, {}],
      ["another region", {}, { region: "eu-west-1" }],
      ["another account", {}, { accountId: "444455556666" }],
      ["Insights", { EventCategory: "insight" }, {}],
    ])("a token of a call with %s", async (_, change, caller) => {
      await add({});
      await add({});
      const { NextToken = "" } = await lookup({ MaxResults: 1 });

      await expect(lookup({ NextToken, ...change }, caller)).rejects.toMatchObject({
        code: "InvalidNextTokenException",
      });
    });

    it.each(["", "x", "AAAA".repeat(20), "é"])("what is no token: %j", async (NextToken) => {
      await expect(lookup({ NextToken })).rejects.toMatchObject({ code: "InvalidNextTokenException" });
    });

    it("a token that was changed, wherever", async () => {
      await add({});
      await add({});
      const { NextToken = "" } = await lookup({ MaxResults: 1 });

      for (let at = 0; at < NextToken.length; at += 1) {
        const changed = `${NextToken.slice(0, at)}${NextToken[at] === "A" ? "B" : "A"}${NextToken.slice(at + 1)}`;
        await expect(lookup({ NextToken: changed })).rejects.toMatchObject({
          code: "InvalidNextTokenException",
        });
      }
    });

    it("two attributes, and Insights by an attribute that they do not have", async () => {
      const attribute = { AttributeKey: "EventName", AttributeValue: "X" };

      await expect(lookup({ LookupAttributes: [attribute, attribute] })).rejects.toMatchObject({
        code: "InvalidLookupAttributesException",
      });
      await expect(
        lookup({
          EventCategory: "insight",
          LookupAttributes: [{ AttributeKey: "Username", AttributeValue: "alice" }],
        }),
      ).rejects.toMatchObject({ code: "InvalidLookupAttributesException" });
    });

    it("a time range that ends before it starts", async () => {
      await expect(lookup({ StartTime: 2, EndTime: 1 })).rejects.toMatchObject({
        code: "InvalidTimeRangeException",
      });
    });
  });
});
