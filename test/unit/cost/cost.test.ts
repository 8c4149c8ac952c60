import { describe, expect, it } from "vitest";
import { fixedCost } from "../../../cost/fixed-cost.ts";
import {
  blocksPerBatch,
  DEFAULT_LOAD,
  type Load,
  placesPerBatch,
  recordsPerBlock,
} from "../../../cost/load.ts";
import { marginalCost } from "../../../cost/marginal-cost.ts";
import type { MeasuredRun, MeasuredUsage } from "../../../cost/measured-usage.ts";

/** So many events that blocks of a hundred records come one a second: sixty of them in the window of log files. */
const LOAD: Load = { ...DEFAULT_LOAD, source: "api", events: 259.2e6, pollers: 1, windowSeconds: 20 };

/** Stages that take one write unit a record and ten S3 writes a batch. */
function run(source: Load["source"], records: number, blocks: number, batches = blocks): MeasuredRun {
  const usage = { "dynamodb.writeUnits": records, "s3.writes": 10 * batches };
  return {
    source,
    records,
    blocks,
    batches,
    usage: { "deliver-log-files": usage, "deliver-log-groups": usage },
  };
}

const MEASURED: MeasuredUsage = {
  emulator: "none",
  measuredOn: "2026-01-01",
  runs: (["api", "activity-events", "log-files"] as const).flatMap((source) => [
    run(source, 10_000, 100),
    run(source, 10_000, 10),
    run(source, 10_000, 100, 5),
  ]),
  schedules: { "sweep-log-files": { "dynamodb.readUnits": 8 } },
  digestFile: { "kms.requests": 1 },
  digestedLogFile: { "dynamodb.writeUnits": 4 },
  historyBytesPerRecord: 200,
  logFileBytesPerRecord: 150,
};

/** 10,000 blocks, sixty a batch, of ten writes at 5 dollars a million each; each is received, and deleted ten a call. */
const BATCHES = 10_000 / 60;
const DELIVERED = 0.625 + BATCHES * 50e-6;
const EMPTIED = 10_000 * 1.1 * 0.4e-6;

describe("the cost of a million events", () => {
  it("is the counted calls times the published prices, and two calls and a part for each message of a queue", () => {
    const { stages, total } = marginalCost(LOAD, MEASURED);
    // A million write units at 0.625.
    expect(stages["deliver-log-files"]).toBeCloseTo(DELIVERED + EMPTIED, 6);
    // Four write units for each of the log files.
    expect(stages["log files in digests"]).toBeCloseTo(BATCHES * 4 * 0.625e-6, 6);
    expect(total).toBeCloseTo(
      DELIVERED + EMPTIED + BATCHES * 2.5e-6 + (0.45 * 3 * 200) / 1000 + (0.023 * 150) / 1000,
      6,
    );
  });

  it("has a trail's calls once for each trail, a message's once, and log groups apart and only where there are any", () => {
    const two = marginalCost({ ...LOAD, trails: 2, logGroup: true }, MEASURED);
    expect(two.stages["deliver-log-files"]).toBeCloseTo(2 * DELIVERED + EMPTIED, 6);
    // The window of log groups is five seconds.
    expect(two.apart["deliver-log-groups"]).toBeCloseTo(
      2 * (0.625 + 2_000 * 50e-6) + 10_000 * 1.2 * 0.4e-6,
      6,
    );
    expect(marginalCost(LOAD, MEASURED).apart).toEqual({});
  });

  it("has the messages of the source's queue: one an event from the default bus, one a log file", () => {
    const queueOf = (source: Load["source"], pollers: number): number | undefined =>
      marginalCost({ ...LOAD, events: 2.592e6, source, pollers }, MEASURED).stages["source's queue"];
    expect(queueOf("activity-events", 1)).toBeCloseTo(0.4 * 2.1, 6);
    // Each of five pollers has four events a window, and deletes no more at once.
    expect(queueOf("activity-events", 5)).toBeCloseTo(0.4 * 2.25, 6);
    expect(queueOf("log-files", 5)).toBeCloseTo((0.4e-6 * 3 * 1e6) / 300, 6);
    expect(queueOf("api", 5)).toBe(0);
  });
});

describe("the size of blocks", () => {
  it("follows CloudTrail's five minutes for log files, spread over regions and accounts", () => {
    const load: Load = { ...LOAD, source: "log-files", events: 8.64e6 };
    expect(recordsPerBlock(load)).toBeCloseTo(1_000);
    expect(recordsPerBlock({ ...load, regions: 4 })).toBeCloseTo(250);
    expect(recordsPerBlock({ ...load, regions: 10, accounts: 1_000 })).toBe(1);
  });

  it("follows what a poller gathers in the window for events of the default bus, up to what Lambda hands over", () => {
    const load: Load = { ...LOAD, source: "activity-events", events: 2.592e6 };
    expect(recordsPerBlock(load)).toBeCloseTo(20);
    expect(recordsPerBlock({ ...load, pollers: 5 })).toBeCloseTo(4);
    expect(recordsPerBlock({ ...load, pollers: 5, regions: 8 })).toBe(1);
    expect(recordsPerBlock({ ...load, events: 2.592e12 })).toBeCloseTo(6e6 / 2_660);
  });

  it("never passes what a block takes", () => {
    expect(recordsPerBlock({ ...LOAD, source: "log-files", events: 1e12, recordBytes: 1_024 })).toBe(4_096);
  });
});

describe("the size of batches", () => {
  it("is what a poller gathers in the stage's window, a block at the least", () => {
    expect(blocksPerBatch(LOAD, "log-files")).toBeCloseTo(60);
    expect(blocksPerBatch({ ...LOAD, pollers: 5 }, "log-files")).toBeCloseTo(12);
    expect(blocksPerBatch({ ...LOAD, pollers: 5 }, "event-bus")).toBe(1);
  });

  it("never passes the messages that a function gets at once", () => {
    expect(blocksPerBatch({ ...LOAD, events: 259.2e12 }, "history")).toBe(10_000);
  });

  it("has something for each region and account that its blocks are of", () => {
    expect(placesPerBatch(LOAD, "log-files")).toBe(1);
    expect(placesPerBatch({ ...LOAD, regions: 2 }, "log-files")).toBeCloseTo(2);
    expect(placesPerBatch({ ...LOAD, regions: 10, accounts: 1_000, pollers: 60 }, "log-files")).toBeCloseTo(
      1,
    );
  });
});

describe("the cost of a month without an event", () => {
  const stack = {
    polledQueues: 6,
    alarms: 20,
    dashboards: 1,
    secrets: 2,
    metrics: 10,
    schedules: { "sweep-log-files": 60 },
  };

  it("has the polling of queues that are empty", () => {
    expect(fixedCost(LOAD, MEASURED, stack)["polling 6 queues"]).toBeCloseTo(6 * 0.2592, 6);
  });

  it("has a digest an hour, region, account and trail", () => {
    const cost = fixedCost({ ...LOAD, regions: 4, trails: 2 }, MEASURED, stack);
    expect(cost["5,760 digest files"]).toBeCloseTo(5_760 * 3e-6, 6);
  });

  it("cannot be told for a schedule whose run was not measured", () => {
    expect(() => fixedCost(LOAD, MEASURED, { ...stack, schedules: { other: 60 } })).toThrow(
      "run of other takes was not measured",
    );
  });
});
