import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../../../shared/adapters/memory/delivery-status.ts";
import { MemoryLogGroups } from "../../../shared/adapters/memory/log-groups.ts";
import type { Deliver, DeliveryMessage } from "../../../shared/delivery/batch.ts";
import { logCalls } from "../../../shared/delivery/log-calls.ts";
import { createLogGroupDelivery } from "../../../shared/delivery/log-groups.ts";
import type { ActivityBlock } from "../../../shared/event/block.ts";
import type { LogGroups } from "../../../shared/ports/log-groups.ts";
import { ACCOUNT, blockOf, NOON, REGION, type TestRecord, trailNamed } from "./blocks.ts";
import { expectBalance } from "./expect-balance.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STREAM = `${ACCOUNT}_CloudTrail_${REGION}`;
const NONE_REJECTED = { tooOld: 0, tooNew: 0, expired: 0 };

function groupArn(name: string): string {
  return `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}:*`;
}

const trail = trailNamed("main", { cloudWatchLogsLogGroupArn: groupArn("main") });

interface Bench {
  readonly status: MemoryDeliveryStatus;
  readonly deliver: (...blocks: readonly ActivityBlock[]) => ReturnType<Deliver>;
}

/** A stage over log groups. Messages are named m1, m2… in the order of their blocks. */
function bench(logGroups: LogGroups): Bench {
  const status = new MemoryDeliveryStatus();
  const known = new Map<string, ActivityBlock>();
  const stage = createLogGroupDelivery(
    { logGroups, status, clock: new MemoryClock(NOON) },
    {
      unpack: async (body) => {
        const block = known.get(body.toString());
        if (block === undefined) {
          throw new Error("no block");
        }
        return block;
      },
    },
  );
  return {
    status,
    deliver: (...blocks) => {
      const messages = blocks.map((block, index): DeliveryMessage => {
        known.set(block.id, block);
        return { id: `m${index + 1}`, body: Buffer.from(block.id) };
      });
      return stage([...messages, { id: "noise", body: Buffer.from("noise") }]);
    },
  };
}

function memoryGroups(...names: readonly string[]): MemoryLogGroups {
  const groups = new MemoryLogGroups();
  for (const name of names) {
    groups.createGroup(name);
  }
  return groups;
}

describe("delivery to a log group", () => {
  it("puts a trail's records into the account's stream in time order, equal times in their order", async () => {
    const groups = memoryGroups("main");
    const { deliver, status } = bench(groups);
    const late = blockOf(
      [
        { text: '{"n":3}', eventTime: NOON },
        { text: '{"n":1}', eventTime: NOON - 2 },
      ],
      [{ destination: trail }, { destination: trailNamed("no-group") }],
    );
    const early = blockOf(
      [
        { text: '{"n":4}', eventTime: NOON },
        { text: '{"n":"unwanted"}' },
        { text: '{"n":2,"s":"ü"}', eventTime: NOON - 1 },
      ],
      [{ destination: trail, positions: [0, 1, 2, 1] }],
    );

    const report = await deliver(late, early);

    expect(groups.events("main", STREAM)).toEqual([
      { timestamp: NOON - 2, message: '{"n":1}' },
      { timestamp: NOON - 1, message: '{"n":2,"s":"ü"}' },
      { timestamp: NOON, message: '{"n":3}' },
      { timestamp: NOON, message: '{"n":4}' },
    ]);
    expect([...report.failed.keys()]).toEqual(["noise"]);
    expect(report.counts).toEqual({ received: 5, delivered: 4, skipped: {}, failed: 1 });
    expect(await status.read(trail.trailArn)).toEqual({
      "cloudwatch-logs": { latestAttemptAt: NOON, latestSuccessAt: NOON },
    });
  });

  it("gives each account of an organization trail a stream", async () => {
    const groups = memoryGroups("main");
    const { deliver } = bench(groups);
    const destination = { ...trail, accountId: "444455556666", organizationId: "o-exampleorgid" };

    await deliver(blockOf([{ text: "{}" }], [{ destination }]));

    expect(groups.events("main", `o-exampleorgid_${ACCOUNT}_CloudTrail_${REGION}`)).toHaveLength(1);
  });

  it("skips what CloudWatch Logs would refuse, and counts it by reason", async () => {
    const groups = memoryGroups("main");
    const { deliver } = bench(groups);
    const records: readonly TestRecord[] = [
      { text: '{"at":"edge of age"}', eventTime: NOON - 14 * DAY },
      { text: "{}", eventTime: NOON - 14 * DAY - 1 },
      { text: '{"at":"edge of the future"}', eventTime: NOON + 2 * HOUR },
      { text: "{}", eventTime: NOON + 2 * HOUR + 1 },
      { text: `"${"x".repeat(262_142)}"` },
      { text: `"${"x".repeat(262_143)}"` },
    ];

    const report = await deliver(blockOf(records, [{ destination: trail }]));

    expect(groups.events("main", STREAM)).toHaveLength(3);
    expect(report.counts).toEqual({
      received: 7,
      delivered: 3,
      skipped: { "too-old": 1, "too-new": 1, "too-large": 1 },
      failed: 1,
    });
  });

  it("counts what the log group rejected, and never more than it was given", async () => {
    const { deliver } = bench({
      groupExists: async () => true,
      putLogEvents: async () => ({ tooOld: 1, tooNew: 0, expired: 2 }),
    });

    const report = await deliver(blockOf([{ text: "{}" }, { text: "{}" }], [{ destination: trail }]));

    expect(report.counts.skipped).toEqual({ "too-old": 1, expired: 1 });
    expect(report.counts.delivered).toBe(0);
    expectBalance(report);
  });

  it("fails the messages for a log group that is not there, after one call, and no others", async () => {
    const groups = memoryGroups("main");
    const gone = trailNamed("gone", { cloudWatchLogsLogGroupArn: groupArn("gone") });
    const { deliver, status } = bench(groups);
    const both = blockOf([{ text: '{"n":1}' }], [{ destination: gone }, { destination: trail }]);
    const one = blockOf([{ text: '{"n":2}' }], [{ destination: trail }]);

    const report = await deliver(both, one);

    expect([...report.failed.keys()].sort()).toEqual(["m1", "noise"]);
    expect(groups.events("main", STREAM)).toHaveLength(2);
    expect((await status.read(gone.trailArn))["cloudwatch-logs"]?.latestError).toBe(
      "ResourceNotFoundException",
    );
    expectBalance(report);
  });

  it("fails only the messages whose records were in the call that failed", async () => {
    let calls = 0;
    const { deliver } = bench({
      groupExists: async () => true,
      putLogEvents: async () => {
        calls += 1;
        if (calls === 1) {
          throw new Error("throttled");
        }
        return NONE_REJECTED;
      },
    });
    const old = blockOf([{ text: "{}", eventTime: NOON - 3 * DAY }], [{ destination: trail }]);
    const fresh = blockOf([{ text: "{}" }], [{ destination: trail }]);

    const report = await deliver(old, fresh);

    expect([...report.failed.keys()].sort()).toEqual(["m1", "noise"]);
    expect(report.counts).toEqual({ received: 3, delivered: 1, skipped: {}, failed: 2 });
  });
});

describe("a call of PutLogEvents", () => {
  it("keeps every limit, and all calls together keep every record, in time order", () => {
    const someRecords = fc.array(
      fc.record({
        length: fc.oneof(fc.integer({ min: 2, max: 300 }), fc.integer({ min: 200_000, max: 262_144 })),
        timestamp: fc.integer({ min: NOON - 14 * DAY, max: NOON + 2 * HOUR }),
      }),
      { maxLength: 60 },
    );
    const text = Buffer.alloc(0);
    fc.assert(
      fc.property(someRecords, (sizes) => {
        const records = sizes.map((size) => ({ ...size, text, start: 0, messageIds: [] }));

        const { calls, skipped } = logCalls(records, NOON);

        const sent = calls.flat();
        expect(skipped.size).toBe(0);
        expect(new Set(sent)).toEqual(new Set(records));
        expect(sent.map(({ timestamp }) => timestamp)).toEqual(
          sizes.map(({ timestamp }) => timestamp).sort((one, other) => one - other),
        );
        for (const call of calls) {
          const bytes = call.reduce((sum, { length }) => sum + length + 26, 0);
          const span = (call.at(-1)?.timestamp ?? 0) - (call[0]?.timestamp ?? 0);
          expect(bytes).toBeLessThanOrEqual(1_048_576);
          expect(span).toBeLessThanOrEqual(DAY);
        }
      }),
    );
  });

  it("has at most 10,000 events", () => {
    const record = { text: Buffer.alloc(0), start: 0, length: 2, timestamp: NOON, messageIds: [] };

    const { calls } = logCalls(
      Array.from({ length: 10_001 }, () => record),
      NOON,
    );

    expect(calls.map(({ length }) => length)).toEqual([10_000, 1]);
  });
});
