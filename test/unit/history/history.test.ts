import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryOrderedStore } from "../../../shared/adapters/memory/ordered-store.ts";
import { History, type HistorySettings } from "../../../shared/history/history.ts";
import { incomingRecord } from "../../../shared/history/incoming-record.ts";
import type { IndexSizes } from "../../../shared/history/index-sizes.ts";
import type { Cursor, HistoryQuery } from "../../../shared/history/query.ts";
import type { Partition } from "../../../shared/history/spaces.ts";
import { NaiveHistory } from "./naive-history.ts";

const NOW = Date.UTC(2026, 0, 31);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const PARTITIONS: readonly Partition[] = [
  { accountId: "111122223333", region: "us-east-1", category: "management" },
  { accountId: "111122223333", region: "us-east-1", category: "insight" },
];

/** So small that a few hundred records go through every level. */
const SMALL: IndexSizes = {
  flushedRecords: 24,
  flushes: 4,
  largest: [12, 60],
  mergedRecords: [40, 120],
  segments: 3,
  longestInlineList: 6,
};

const SETTINGS: HistorySettings = { retention: 90 * DAY, isExclusive: true, sizes: SMALL };

interface Made {
  readonly id: number;
  readonly hoursAgo: number;
  readonly name: number;
  readonly user: number;
  readonly readOnly: boolean;
}

type Step =
  | { readonly do: "append"; readonly partition: number; readonly records: readonly Made[] }
  | { readonly do: "maintain" }
  | { readonly do: "restart" }
  | { readonly do: "wait"; readonly hours: number };

const made = fc.record({
  // Few ids, so that many records come twice, some with another time.
  id: fc.nat(400),
  hoursAgo: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(0, 0.001, 0.5) },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 14 * 24 }) },
    { weight: 1, arbitrary: fc.integer({ min: 80 * 24, max: 100 * 24 }) },
  ),
  name: fc.nat(3),
  user: fc.nat(30),
  readOnly: fc.boolean(),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("append" as const),
      partition: fc.nat(1),
      records: fc.array(made, { minLength: 1, maxLength: 40 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant("maintain" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("wait" as const), hours: fc.constantFrom(0.01, 1, 240) }),
  },
);

const query: fc.Arbitrary<HistoryQuery> = fc
  .record({
    names: fc.subarray(["Name0", "Name1", "Name2", "Absent"]),
    user: fc.option(fc.nat(31), { nil: undefined }),
    readOnly: fc.option(fc.boolean(), { nil: undefined }),
    startDaysAgo: fc.option(fc.nat(30), { nil: undefined }),
    endDaysAgo: fc.option(fc.nat(12), { nil: undefined }),
    text: fc.option(fc.constantFrom("USER1", "name2"), { nil: undefined }),
    oldestFirst: fc.boolean(),
  })
  .map(({ names, user, readOnly, startDaysAgo, endDaysAgo, text, oldestFirst }) => ({
    conditions: [
      ...(names.length > 0 ? [{ attribute: "EventName" as const, values: names }] : []),
      ...(user === undefined ? [] : [{ attribute: "Username" as const, values: [`user${user}`] }]),
      ...(readOnly === undefined ? [] : [{ attribute: "ReadOnly" as const, values: [String(readOnly)] }]),
    ],
    ...(startDaysAgo !== undefined && { startTime: NOW - startDaysAgo * DAY }),
    ...(endDaysAgo !== undefined && { endTime: NOW - endDaysAgo * DAY }),
    ...(text !== undefined && { text }),
    oldestFirst,
  }));

function textOf({ id, name, user, readOnly }: Made, eventTime: number): Buffer {
  return Buffer.from(
    JSON.stringify({
      eventTime: new Date(eventTime).toISOString(),
      eventID: `00000000-0000-4000-8000-${String(id).padStart(12, "0")}`,
      eventSource: "ec2.amazonaws.com",
      eventName: `Name${name}`,
      awsRegion: "us-east-1",
      readOnly,
      userIdentity: { type: "IAMUser", userName: `user${user}` },
    }),
  );
}

async function findAll(
  history: History,
  partitions: readonly Partition[],
  asked: HistoryQuery,
  limits: { readonly limit: number; readonly mostBytes?: number },
): Promise<readonly string[]> {
  const found: string[] = [];
  let after: Cursor | undefined;
  do {
    const page = await history.find(partitions, asked, { ...limits, ...(after && { after }) });
    const bytes = page.events.reduce((sum, { text }) => sum + text.length, 0);
    expect(page.events.length).toBeLessThanOrEqual(limits.limit);
    expect(page.events.length < 2 || bytes <= (limits.mostBytes ?? bytes)).toBe(true);
    found.push(...page.events.map(({ text }) => text.toString()));
    after = page.next;
  } while (after !== undefined);
  return found;
}

describe("the index and a full scan", () => {
  it.each([true, false])(
    "agree on every query, whatever came late or twice, was merged or restarted (exclusive: %s)",
    async (isExclusive) => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 5, maxLength: 40 }),
          fc.array(query, { minLength: 4, maxLength: 8 }),
          fc.record(
            { limit: fc.integer({ min: 1, max: 60 }), mostBytes: fc.integer({ min: 1, max: 8_000 }) },
            { requiredKeys: ["limit"] },
          ),
          async (steps, queries, limits) => {
            const clock = new MemoryClock(NOW);
            const store = new MemoryOrderedStore();
            const naive = new NaiveHistory();
            const open = (): History => new History(store, clock, { ...SETTINGS, isExclusive });
            let history = open();
            for (const one of steps) {
              if (one.do === "append") {
                await append(history, naive, clock, one);
              } else if (one.do === "maintain") {
                await history.maintain();
              } else if (one.do === "restart") {
                history = open();
              } else {
                clock.advance(one.hours * HOUR);
              }
            }

            for (const asked of queries) {
              const oldest = clock.now() - 90 * DAY;
              const both = await findAll(history, PARTITIONS, asked, limits);
              const second = await findAll(history, PARTITIONS.slice(1), asked, limits);
              expect(both).toEqual(naive.find(asked, [0, 1], oldest));
              expect(second).toEqual(naive.find(asked, [1], oldest));
            }
          },
        ),
        { numRuns: 100 },
      );
    },
    30_000,
  );
});

async function append(
  history: History,
  naive: NaiveHistory,
  clock: MemoryClock,
  { partition, records }: Extract<Step, { do: "append" }>,
): Promise<void> {
  const incoming = records.map((record) => {
    const eventTime = Math.floor((clock.now() - record.hoursAgo * HOUR) / 1000) * 1000;
    return { text: textOf(record, eventTime), eventTime, partition };
  });
  const oldest = clock.now() - 90 * DAY;
  const kept = incoming.filter(({ eventTime }) => eventTime >= oldest);
  const added = kept.filter((record) => naive.append(record)).length;

  const report = await history.append(
    PARTITIONS[partition] as Partition,
    incoming.map(({ text, eventTime }) => incomingRecord(text, eventTime)),
    clock.now(),
  );

  expect(report).toEqual({ added, repeated: kept.length - added, expired: records.length - kept.length });
}
