import { describe, expect, it } from "vitest";
import { fixedCost } from "../../../cost/fixed-cost.ts";
import { DEFAULT_LOAD, type Load, recordsPerBlock } from "../../../cost/load.ts";
import { marginalCost, ratesOf } from "../../../cost/marginal-cost.ts";
import type { MeasuredRun, MeasuredUsage } from "../../../cost/measured-usage.ts";

const LOAD: Load = { ...DEFAULT_LOAD, source: "api", windowSeconds: 20 };

/** A stage that takes one write unit a record and ten S3 writes a block. */
function run(records: number, blocks: number): MeasuredRun {
  const usage = { "dynamodb.writeUnits": records, "s3.writes": 10 * blocks };
  return {
    source: "api",
    records,
    blocks,
    usage: { "deliver-log-files": usage, "deliver-log-groups": usage },
  };
}

const MEASURED: MeasuredUsage = {
  emulator: "none",
  measuredOn: "2026-01-01",
  runs: [run(10_000, 100), run(10_000, 10)],
  schedules: { "sweep-log-files": { "dynamodb.readUnits": 8 } },
  digestFile: { "kms.requests": 1 },
  digestedLogFile: { "dynamodb.writeUnits": 4 },
  historyBytesPerRecord: 200,
  logFileBytesPerRecord: 150,
};

describe("the cost of a million events", () => {
  it("tells what a record takes from what a block takes", () => {
    const [stage] = ratesOf(MEASURED.runs);
    expect(stage?.perRecord["dynamodb.writeUnits"]).toBeCloseTo(1);
    expect(stage?.perBlock["dynamodb.writeUnits"]).toBeCloseTo(0);
    expect(stage?.perRecord["s3.writes"]).toBeCloseTo(0);
    expect(stage?.perBlock["s3.writes"]).toBeCloseTo(10);
  });

  it("is the counted calls times the published prices", () => {
    const { stages, total } = marginalCost(LOAD, MEASURED);
    // A million write units at 0.625, and 10,000 blocks of ten writes at 5 a million.
    expect(stages["deliver-log-files"]).toBeCloseTo(0.625 + 0.5);
    // Four write units for each of the 10,000 log files.
    expect(stages["log files in digests"]).toBeCloseTo(0.025);
    expect(total).toBeCloseTo(1.125 + 0.025 + (0.45 * 3 * 200) / 1000 + (0.023 * 150) / 1000);
  });

  it("has a trail's stages once for each trail, and log groups apart and only where there are any", () => {
    const two = marginalCost({ ...LOAD, trails: 2, logGroup: true }, MEASURED);
    expect(two.stages["deliver-log-files"]).toBeCloseTo(2 * 1.125);
    expect(two.apart["deliver-log-groups"]).toBeCloseTo(2 * 1.125);
    expect(marginalCost(LOAD, MEASURED).apart).toEqual({});
  });

  it("cannot be told from runs with blocks of one size", () => {
    expect(() => ratesOf([run(100, 1), run(200, 2)])).toThrow("two sizes");
  });
});

describe("the size of blocks", () => {
  it("follows CloudTrail's five minutes for log files, spread over regions and accounts", () => {
    const load: Load = { ...LOAD, source: "log-files", events: 8.64e6 };
    expect(recordsPerBlock(load)).toBeCloseTo(1_000);
    expect(recordsPerBlock({ ...load, regions: 4 })).toBeCloseTo(250);
    expect(recordsPerBlock({ ...load, regions: 10, accounts: 1_000 })).toBe(1);
  });

  it("follows the window for events of the default bus, up to what Lambda hands over", () => {
    const load: Load = { ...LOAD, source: "activity-events", events: 2.592e6 };
    expect(recordsPerBlock(load)).toBeCloseTo(20);
    expect(recordsPerBlock({ ...load, events: 2.592e12 })).toBeCloseTo(6e6 / 2_660);
  });

  it("never passes what a block takes", () => {
    expect(recordsPerBlock({ ...LOAD, source: "log-files", events: 1e12, recordBytes: 1_024 })).toBe(4_096);
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
    expect(fixedCost(LOAD, MEASURED, stack)["polling 6 queues"]).toBeCloseTo(6 * 0.2592);
  });

  it("has a digest an hour, region, account and trail", () => {
    const cost = fixedCost({ ...LOAD, regions: 4, trails: 2 }, MEASURED, stack);
    expect(cost["5,760 digest files"]).toBeCloseTo(5_760 * 3e-6);
  });

  it("cannot be told for a schedule whose run was not measured", () => {
    expect(() => fixedCost(LOAD, MEASURED, { ...stack, schedules: { other: 60 } })).toThrow(
      "run of other takes was not measured",
    );
  });
});
