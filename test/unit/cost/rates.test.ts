import { describe, expect, it } from "vitest";
import type { MeasuredRun } from "../../../cost/measured-usage.ts";
import { ratesOf } from "../../../cost/rates.ts";

/** A stage that takes one write unit a record, two reads a block, and ten S3 writes a batch. */
function run(records: number, blocks: number, batches = blocks): MeasuredRun {
  const usage = { "dynamodb.writeUnits": records, "s3.reads": 2 * blocks, "s3.writes": 10 * batches };
  return { source: "api", records, blocks, batches, usage: { "deliver-log-files": usage } };
}

const [SMALL, LARGE, SHARED] = [run(1_000, 100), run(2_000, 4), run(1_000, 100, 5)];

describe("what a stage takes", () => {
  it.each([
    ["dynamodb.writeUnits", { perRecord: 1, perBlock: 0, perBatch: 0 }],
    ["s3.reads", { perRecord: 0, perBlock: 2, perBatch: 0 }],
    ["s3.writes", { perRecord: 0, perBlock: 0, perBatch: 10 }],
  ] as const)("is told apart by record, block and batch: %s", (unit, expected) => {
    const [stage] = ratesOf([LARGE, SHARED, SMALL]);
    for (const by of ["perRecord", "perBlock", "perBatch"] as const) {
      expect(stage?.[by][unit]).toBeCloseTo(expected[by]);
    }
  });

  it("is nothing where more was counted of less", () => {
    const noisy = { ...SHARED, usage: { "deliver-log-files": { "s3.reads": 400 } } };
    expect(ratesOf([SMALL, LARGE, noisy])[0]?.perBatch["s3.reads"]).toBe(0);
  });

  it.each([
    ["large blocks", [SMALL, SHARED]],
    ["shared batches", [SMALL, LARGE]],
    ["the same blocks in shared batches", [SMALL, LARGE, run(1_000, 50, 5)]],
  ])("cannot be told without %s", (_, runs) => {
    expect(() => ratesOf(runs)).toThrow("share batches");
  });
});
