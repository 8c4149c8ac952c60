import { describe, expect, it, vi } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryOrderedStore } from "../../../shared/adapters/memory/ordered-store.ts";
import { History } from "../../../shared/history/history.ts";
import { type IncomingRecord, incomingRecord } from "../../../shared/history/incoming-record.ts";
import type { IndexSizes } from "../../../shared/history/index-sizes.ts";
import type { Cursor } from "../../../shared/history/query.ts";
import type { OrderedStore } from "../../../shared/ports/ordered-store.ts";
import { Crash, failingStore } from "./failing-store.ts";

const NOW = Date.UTC(2026, 0, 31);
const MINUTE = 60_000;
const DAY = 86_400_000;
const PARTITION = { accountId: "111122223333", region: "us-east-1", category: "management" } as const;

const SMALL: IndexSizes = {
  flushedRecords: 20,
  flushes: 4,
  largest: [10, 40],
  mergedRecords: [30, 80],
  segments: 3,
  longestInlineList: 5,
};

const BATCHES: readonly (readonly IncomingRecord[])[] = Array.from({ length: 30 }, (_, batch) =>
  Array.from({ length: 7 }, (_, at) => record(batch * 7 + at)),
);

/** Every tenth event is late. */
function record(number: number): IncomingRecord {
  const eventTime = NOW + number * 1000 - (number % 10 === 0 ? 3 * DAY : 0);
  const fields = { eventID: `event-${number}`, eventName: `Name${number % 2}`, number };
  return incomingRecord(Buffer.from(JSON.stringify(fields)), eventTime);
}

function open(store: OrderedStore, clock: MemoryClock, isExclusive = true, retention = 90 * DAY): History {
  return new History(store, clock, { retention, isExclusive, sizes: SMALL });
}

async function found(history: History): Promise<readonly unknown[]> {
  const ids: unknown[] = [];
  let after: Cursor | undefined;
  do {
    const conditions = [{ attribute: "EventName" as const, values: ["Name0", "Name1"] }];
    const page = await history.find([PARTITION], { conditions }, { limit: 50, ...(after && { after }) });
    ids.push(...page.events.map(({ fields }) => fields.eventID));
    after = page.next;
  } while (after !== undefined);
  return ids.sort();
}

const EVERY_ID = BATCHES.flat()
  .map(({ eventId }) => eventId)
  .sort();

describe("a history whose process dies", () => {
  it.each([true, false])(
    "has every event once after its blocks came again, whichever write it died in (exclusive: %s)",
    async (isExclusive) => {
      let crashes = 0;
      for (let first = 1; first < 200; first += 4) {
        const store = new MemoryOrderedStore();
        const clock = new MemoryClock(NOW + 5 * MINUTE);
        let history = open(failingStore(store, first), clock, isExclusive);
        for (const batch of BATCHES) {
          for (let isDone = false; !isDone; ) {
            try {
              await history.append(PARTITION, batch, NOW + 5 * MINUTE);
              await history.maintain();
              clock.advance(MINUTE / 2);
              isDone = true;
            } catch (error) {
              expect(error).toBeInstanceOf(Crash);
              crashes += 1;
              history = open(store, clock, isExclusive);
            }
          }
        }

        expect(await found(open(store, clock, isExclusive))).toEqual(EVERY_ID);
      }
      expect(crashes).toBe(50);
    },
    30_000,
  );

  it("leaves no rows of a merge that was never finished, once it has run again", async () => {
    const undisturbed = new MemoryOrderedStore();
    const clock = new MemoryClock(NOW + 5 * MINUTE);
    const calm = open(undisturbed, clock);
    const disturbed = new MemoryOrderedStore();
    let shaken = open(disturbed, clock);
    for (const [number, batch] of BATCHES.entries()) {
      await calm.append(PARTITION, batch, NOW);
      await shaken.append(PARTITION, batch, NOW);
      await calm.maintain();
      if (number % 4 === 3) {
        // In the middle of staging a segment.
        const dying = open(failingStore(disturbed, 8), clock);
        await dying.find([PARTITION], { conditions: [] }, { limit: 1 });
        await dying.maintain().catch(() => undefined);
        shaken = open(disturbed, clock);
        await shaken.find([PARTITION], { conditions: [] }, { limit: 1 });
      }
      await shaken.maintain();
      clock.advance(2 * MINUTE);
    }
    for (const history of [calm, shaken]) {
      await history.maintain();
    }

    expect(await found(shaken)).toEqual(EVERY_ID);
    expect(disturbed.rows).toBeLessThanOrEqual(undisturbed.rows + 40);
  });
});

describe("two processes on one store", () => {
  it("read what a partition has once a delivery, and not again to see that nothing is to be merged", async () => {
    const store = new MemoryOrderedStore();
    const range = vi.spyOn(store, "range");
    const [history, other] = [0, 1].map(() => open(store, new MemoryClock(NOW), false)) as [History, History];
    await other.append(PARTITION, BATCHES[0] ?? [], NOW);
    range.mockClear();

    await history.append(PARTITION, BATCHES[1] ?? [], NOW);
    await history.maintain();
    await history.maintain();

    expect(range).toHaveBeenCalledOnce();
    expect(await found(history)).toHaveLength(14);
  });

  it("may merge at the same time, and lose and double nothing", async () => {
    const store = new MemoryOrderedStore();
    const clock = new MemoryClock(NOW + 5 * MINUTE);
    const histories = [open(store, clock, false), open(store, clock, false)];

    for (let batch = 0; batch < BATCHES.length; batch += 2) {
      await Promise.all(
        histories.map(async (history, number) => {
          await history.append(PARTITION, BATCHES[batch + number] ?? [], NOW);
          await history.maintain();
        }),
      );
      clock.advance(MINUTE / 4);
    }

    for (const history of histories) {
      expect(await found(history)).toEqual(EVERY_ID);
    }
  });
});

describe("retention", () => {
  it("removes the rows of what is too old, and what is left is found", async () => {
    const store = new MemoryOrderedStore();
    const clock = new MemoryClock(NOW + 5 * MINUTE);
    const history = open(store, clock, true, 10 * DAY);
    for (const batch of BATCHES) {
      await history.append(PARTITION, batch, NOW);
      await history.maintain();
    }
    const before = store.rows;

    clock.advance(20 * DAY);
    const younger = incomingRecord(Buffer.from('{"eventID":"younger","eventName":"Name0"}'), clock.now());
    await history.append(PARTITION, [younger], clock.now());
    for (let round = 0; round < 3; round += 1) {
      await history.maintain();
      clock.advance(2 * MINUTE);
    }

    expect(await found(history)).toEqual(["younger"]);
    expect(store.rows).toBeLessThan(before / 3);
  });

  it("is for ever where that is asked for", async () => {
    const clock = new MemoryClock(NOW);
    const history = open(new MemoryOrderedStore(), clock, true, Number.POSITIVE_INFINITY);
    await history.append(PARTITION, BATCHES[0] ?? [], NOW);

    clock.advance(10_000 * DAY);
    await history.maintain();

    expect(await found(history)).toHaveLength(7);
  });
});
