import { describe, expect, it } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryEventBus } from "../../../shared/adapters/memory/event-bus.ts";
import type { BatchReport } from "../../../shared/delivery/batch.ts";
import { createEventBusDelivery, type EventBusSettings } from "../../../shared/delivery/event-bus.ts";
import type { ActivityBlock } from "../../../shared/event/block.ts";
import type { EntryFailure, EventBus, EventEntry } from "../../../shared/ports/event-bus.ts";
import { ACCOUNT, blockOf, NOON, trailNamed } from "./blocks.ts";
import { expectBalance } from "./expect-balance.ts";

const trail = trailNamed("main");
const THROTTLED: EntryFailure = { errorCode: "ThrottlingException", errorMessage: "slow down" };

/** Delivers blocks in messages m1, m2… */
async function deliver(
  bus: EventBus,
  blocks: readonly ActivityBlock[],
  settings: EventBusSettings = {},
): Promise<BatchReport> {
  const stage = createEventBusDelivery(
    { bus, clock: new MemoryClock(NOON) },
    {
      callsAtOnce: 1,
      ...settings,
      unpack: async (body) => {
        const block = blocks[Number(body.toString())];
        if (block === undefined) {
          throw new Error("no block");
        }
        return block;
      },
    },
  );
  return stage(blocks.map((_, index) => ({ id: `m${index + 1}`, body: Buffer.from(String(index)) })));
}

function recordOf(fields: Readonly<Record<string, unknown>>): { readonly text: string } {
  return { text: JSON.stringify({ eventType: "AwsApiCall", eventSource: "ec2.amazonaws.com", ...fields }) };
}

function numbered(count: number): readonly { readonly text: string }[] {
  return Array.from({ length: count }, (_, n) => recordOf({ n }));
}

/** Keeps the sizes of calls, and answers entries as it is told. */
class ScriptedBus implements EventBus {
  readonly calls: (readonly EventEntry[])[] = [];
  readonly #answer: (entry: EventEntry, call: number) => EntryFailure | undefined;

  constructor(answer: (entry: EventEntry, call: number) => EntryFailure | undefined) {
    this.#answer = answer;
  }

  async putEvents(entries: readonly EventEntry[]): Promise<readonly (EntryFailure | undefined)[]> {
    this.calls.push(entries);
    return entries.map((entry) => this.#answer(entry, this.calls.length));
  }
}

describe("an entry", () => {
  it("is the record with its time, account and region", async () => {
    const bus = new MemoryEventBus();
    const text = '{ "eventSource": "iam.amazonaws.com","eventType":"AwsApiCall", "n": 1.0 }';

    await deliver(bus, [
      blockOf(
        [{ text, eventTime: NOON - 7, awsRegion: "us-east-1", recipientAccountId: "444455556666" }],
        [{ destination: trail }],
      ),
    ]);

    expect(bus.entries).toEqual([
      {
        source: "aws.iam",
        detailType: "AWS API Call via CloudTrail",
        detail: text,
        time: NOON - 7,
        accountId: ACCOUNT,
        region: "us-east-1",
      },
    ]);
  });

  it.each([
    [{ eventType: "AwsApiCall" }, "aws.ec2", "AWS API Call via CloudTrail"],
    [
      { eventType: "AwsConsoleSignIn", eventSource: "signin.amazonaws.com" },
      "aws.signin",
      "AWS Console Sign In via CloudTrail",
    ],
    [{ eventType: "AwsConsoleSignin" }, "aws.ec2", "AWS Console Sign In via CloudTrail"],
    [{ eventType: "AwsConsoleAction" }, "aws.ec2", "AWS Console Action via CloudTrail"],
    [{ eventType: "AwsServiceEvent" }, "aws.ec2", "AWS Service Event via CloudTrail"],
    [{ eventType: "AwsVpceEvent" }, "aws.ec2", "AWS API Call via CloudTrail"],
    [
      {
        eventType: "AwsCloudTrailInsight",
        eventSource: undefined,
        insightDetails: { eventSource: "ssm.amazonaws.com" },
      },
      "aws.cloudtrail",
      "AWS Insight via CloudTrail",
    ],
    [
      {
        eventCategory: "ActivityAuditLog",
        eventType: "ActivityLog",
        eventSource: undefined,
        eventData: { eventSource: "orders.example.com" },
      },
      "orders.example.com",
      "OpenTrail Activity",
    ],
    [{ eventSource: "aws.forged" }, "aws.forged", "AWS API Call via CloudTrail"],
  ])("of %j has the source %s and the detail-type %s", async (fields, source, detailType) => {
    const bus = new MemoryEventBus();

    await deliver(bus, [blockOf([recordOf(fields)], [{ destination: trail }])]);

    expect(bus.entries).toMatchObject([{ source, detailType }]);
  });

  it("has no source that AWS keeps for itself where another prefix is set", async () => {
    const bus = new MemoryEventBus();
    const records = ["ec2.amazonaws.com", "aws.forged", "orders.example.com"].map((eventSource) =>
      recordOf({ eventSource }),
    );

    await deliver(bus, [blockOf(records, [{ destination: trail }])], { eventSourcePrefix: "opentrail." });

    expect(bus.entries.map(({ source }) => source)).toEqual([
      "opentrail.ec2",
      "opentrail.forged",
      "orders.example.com",
    ]);
  });
});

describe("what is emitted", () => {
  it("is each record that some trail wants, once", async () => {
    const bus = new MemoryEventBus();
    const block = blockOf(numbered(4), [
      { destination: trail, positions: [2, 1] },
      { destination: trailNamed("other"), positions: [0, 1, 2, 1] },
    ]);

    const report = await deliver(bus, [block]);

    expect(bus.entries.map(({ detail }) => JSON.parse(detail).n)).toEqual([0, 2]);
    expect(report.counts).toEqual({ received: 2, delivered: 2, skipped: {}, failed: 0 });
  });

  it("is nothing that came from EventBridge", async () => {
    const bus = new MemoryEventBus();

    const report = await deliver(bus, [blockOf(numbered(3), [{ destination: trail }], "eventbridge")]);

    expect(bus.entries).toEqual([]);
    expect(report.counts).toEqual({
      received: 3,
      delivered: 0,
      skipped: { "from-eventbridge": 3 },
      failed: 0,
    });
  });

  it("is no record over 256 KB, nor an entry that would be with its source", async () => {
    const bus = new MemoryEventBus();
    const sized = (bytes: number): { readonly text: string } =>
      recordOf({ pad: "x".repeat(bytes - recordOf({ pad: "" }).text.length) });
    const overhead = 14 + "aws.ec2".length + "AWS API Call via CloudTrail".length;
    const records = [sized(262_145), sized(262_144 - overhead), sized(262_143 - overhead)];

    const report = await deliver(bus, [blockOf(records, [{ destination: trail }])]);

    expect(bus.entries).toHaveLength(1);
    expect(report.counts.skipped).toEqual({ "too-large": 2 });
  });

  it("leaves out read-only calls as AWS does, where the setting says so", async () => {
    const bus = new MemoryEventBus();
    const records = [
      recordOf({ eventName: "DescribeInstances" }),
      recordOf({ eventName: "ListUsers" }),
      recordOf({ eventName: "GetObject" }),
      recordOf({ eventName: "GetSessionToken", eventSource: "sts.amazonaws.com" }),
      recordOf({ eventName: "AssumeRole", eventSource: "sts.amazonaws.com", readOnly: true }),
      recordOf({ eventName: "GetSigninToken", eventType: "AwsConsoleSignIn" }),
    ];
    const block = blockOf(records, [{ destination: trail }]);

    const report = await deliver(bus, [block], { sendReadOnlyApiCalls: false });

    expect(bus.entries.map(({ detail }) => JSON.parse(detail).eventName)).toEqual([
      "GetSessionToken",
      "AssumeRole",
      "GetSigninToken",
    ]);
    expect(report.counts.skipped).toEqual({ "read-only": 3 });
  });

  it("is in calls of at most 10 entries and 256 KB", async () => {
    const bus = new ScriptedBus(() => undefined);
    const large = recordOf({ pad: "x".repeat(100_000) });

    await deliver(bus, [blockOf([...numbered(12), large, large, large], [{ destination: trail }])]);

    expect(bus.calls.map(({ length }) => length)).toEqual([10, 4, 1]);
  });
});

describe("an entry that fails", () => {
  it("is sent again, and the others of its call are not", async () => {
    const bus = new ScriptedBus(({ detail }, call) =>
      call < 3 && JSON.parse(detail).n === 1 ? THROTTLED : undefined,
    );

    const report = await deliver(bus, [blockOf(numbered(3), [{ destination: trail }])]);

    expect(bus.calls.map((call) => call.map(({ detail }) => JSON.parse(detail).n))).toEqual([
      [0, 1, 2],
      [1],
      [1],
    ]);
    expect(report.counts).toEqual({ received: 3, delivered: 3, skipped: {}, failed: 0 });
  });

  it("to the last try has its message come again, and no other", async () => {
    const bus = new ScriptedBus(({ detail }) => (JSON.parse(detail).n === "bad" ? THROTTLED : undefined));
    const good = blockOf(numbered(2), [{ destination: trail }]);
    const bad = blockOf([recordOf({ n: "bad" }), recordOf({ n: "fine" })], [{ destination: trail }]);

    const report = await deliver(bus, [good, bad], {
      backoff: { tries: 3, firstWaitMs: 1, longestWaitMs: 1 },
    });

    expect(report.failed.get("m2")?.message).toBe("ThrottlingException: slow down");
    expect([...report.failed.keys()]).toEqual(["m2"]);
    expect(bus.calls).toHaveLength(3);
    expect(report.counts).toEqual({ received: 4, delivered: 3, skipped: {}, failed: 1 });
  });

  it("for good with its whole call ends the batch: the calls that are left are not tried", async () => {
    let tries = 0;
    const bus: EventBus = {
      putEvents: async () => {
        tries += 1;
        throw new Error("no bus");
      },
    };

    const report = await deliver(bus, [blockOf(numbered(25), [{ destination: trail }])], {
      backoff: { tries: 2, firstWaitMs: 1, longestWaitMs: 1 },
    });

    expect(tries).toBe(2);
    expect(report.failed.get("m1")?.message).toBe("no bus");
    expect(report.counts.failed).toBe(25);
    expectBalance(report);
  });

  it("because its record is no JSON fails its message alone", async () => {
    const bus = new MemoryEventBus();
    const broken = blockOf([{ text: "{" }, { text: "[]" }], [{ destination: trail }]);

    const report = await deliver(bus, [broken, blockOf(numbered(1), [{ destination: trail }])]);

    expect([...report.failed.keys()]).toEqual(["m1"]);
    expect(bus.entries).toHaveLength(1);
    expectBalance(report);
  });
});
