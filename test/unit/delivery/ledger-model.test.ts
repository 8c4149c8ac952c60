import { afterAll, describe, expect, it, vi } from "vitest";
import { isVoidObject } from "../../../shared/delivery/log-file-object.ts";
import type { ObjectStore } from "../../../shared/ports/object-store.ts";
import { type Exploration, explore, type Faults, type Scenario } from "./ledger-model.ts";

// A scenario takes seconds on a machine of its own, and more where others work beside it.
vi.setConfig({ testTimeout: 180_000 });

const NO_FAULTS: Faults = { crashes: 0, lapses: 0, lostAnswers: 0, refusals: 0, sweeps: 0 };

/** Two workers, three blocks, one of them delivered twice by the queue. */
const OVERLAPPING = { messages: ["b1", "b2", "b2", "b3"], workers: 2, maxReceives: 3 };

/** One worker at a time, beside its zombies: small enough for every order. */
const ZOMBIES = { messages: ["b1", "b2"], workers: 1, maxReceives: 3 };

const totals = { states: 0, schedules: 0 };

async function exploreAll(scenario: Omit<Scenario, "faults">, faults: Partial<Faults>): Promise<Exploration> {
  const exploration = await explore({ ...scenario, faults: { ...NO_FAULTS, ...faults } });
  totals.states += exploration.states;
  totals.schedules += exploration.schedules;
  return exploration;
}

describe("every record is in the trail's files exactly once, or its message is a dead letter", () => {
  afterAll(() => {
    console.info(`The model explored ${totals.states} states on ${totals.schedules} schedules.`);
  });

  it("in every order of two workers' calls, with crashes, a lost answer and a refusing bucket", async () => {
    const { violations, deadLetters } = await exploreAll(OVERLAPPING, {
      crashes: 2,
      lostAnswers: 1,
      refusals: 1,
    });

    expect(violations).toEqual(new Map());
    expect(deadLetters).toBeGreaterThan(0);
  });

  it("when leases run out under two workers that are interrupted at most once", async () => {
    const { violations } = await exploreAll({ ...OVERLAPPING, preemptions: 1 }, { lapses: 1, refusals: 1 });

    expect(violations).toEqual(new Map());
  });

  it("when leases run out, a worker crashes and a sweeper runs", async () => {
    const { violations } = await exploreAll(
      { ...OVERLAPPING, preemptions: 0 },
      { lapses: 1, crashes: 1, sweeps: 1 },
    );

    expect(violations).toEqual(new Map());
  });

  it("in every order of a worker, its zombie and a sweeper, with a put whose answer is lost", async () => {
    const { violations } = await exploreAll(ZOMBIES, { lapses: 1, lostAnswers: 1, sweeps: 1 });

    expect(violations).toEqual(new Map());
  });

  it("when leases run out twice, so that two zombies go on beside a worker and a sweeper", async () => {
    const { violations } = await exploreAll(
      { ...ZOMBIES, preemptions: 0 },
      { lapses: 2, lostAnswers: 1, sweeps: 1 },
    );

    expect(violations).toEqual(new Map());
  });
});

describe("a trail's topic is told of each of its log files, and of nothing else", () => {
  const TELLING = { ...ZOMBIES, hasTopic: true };

  it("by a worker, its zombie and a sweeper that are interrupted once, and may die", async () => {
    const { violations } = await exploreAll(
      { ...TELLING, messages: ["b1"], preemptions: 1 },
      { lapses: 1, crashes: 1, sweeps: 1 },
    );

    expect(violations).toEqual(new Map());
  });

  it("in every order of two workers' calls with crashes and a lost answer", async () => {
    const { violations } = await exploreAll(
      { ...OVERLAPPING, hasTopic: true },
      { crashes: 2, lostAnswers: 1 },
    );

    expect(violations).toEqual(new Map());
  });

  it("but would not be if it were told after the file was settled", async () => {
    const { violations } = await exploreAll({ ...TELLING, tellsAfterSettling: true }, { crashes: 1 });

    expect([...violations.keys()]).toContain("a topic was not told of a settled file (dead letters aside)");
  });
});

describe("the model sees faults of the protocol", () => {
  it("without the void mark a record is lost", async () => {
    const withoutMark = (objects: ObjectStore): ObjectStore => ({
      putNew: (...put) => objects.putNew(...put),
      bucketExists: (bucket) => objects.bucketExists(bucket),
      head: async (bucket, key) => {
        const head = await objects.head(bucket, key);
        return head && { ...head, metadata: {} };
      },
    });

    const { violations } = await exploreAll(
      { ...ZOMBIES, breakObjects: withoutMark },
      { lapses: 1, lostAnswers: 1 },
    );

    expect([...violations.keys()]).toContain("a record is lost (dead letters sent again)");
  });

  it("without the fence a record is there twice", async () => {
    const withoutFence = (objects: ObjectStore): ObjectStore => ({
      head: (bucket, key) => objects.head(bucket, key),
      bucketExists: (bucket) => objects.bucketExists(bucket),
      putNew: async (bucket, key, body, settings) => {
        if (!isVoidObject({ size: body.length, metadata: settings.metadata ?? {} })) {
          await objects.putNew(bucket, key, body, settings);
        }
      },
    });

    const { violations } = await exploreAll({ ...ZOMBIES, breakObjects: withoutFence }, { lapses: 1 });

    expect([...violations.keys()]).toContain("a record is there twice (dead letters aside)");
  });

  it("without the sweeper a file of a dead worker is left open", async () => {
    const { violations } = await exploreAll({ ...ZOMBIES, withoutLastSweep: true }, { crashes: 1 });

    expect([...violations.keys()]).toContain("a file is left open (dead letters aside)");
  });
});
