import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { fixedCost } from "../../cost/fixed-cost.ts";
import { DEFAULT_LOAD, type Load } from "../../cost/load.ts";
import { marginalCost } from "../../cost/marginal-cost.ts";
import { readMeasuredUsage } from "../../cost/measured-usage.ts";
import { STACK_INVENTORY } from "../../cost/stack-inventory.ts";

const PAGE = readFileSync(path.join(import.meta.dirname, "../../docs/cost.md"), "utf8");

describe("docs/cost.md", () => {
  test("has what the model computes for each source, by however many pollers its messages are gathered", () => {
    const rows = [...PAGE.matchAll(/^\| .* \| \$(\d\.\d\d) \| \$(\d\.\d\d) \|$/gm)].map((row) =>
      row.slice(1),
    );
    const totalOf = (changes: Partial<Load>): number =>
      marginalCost({ ...DEFAULT_LOAD, ...changes }, readMeasuredUsage()).total;
    const loads: readonly Partial<Load>[] = [
      { source: "log-files" },
      { source: "api" },
      { source: "activity-events", windowSeconds: 60 },
      { source: "activity-events" },
    ];
    const totals = loads.map((load) => [totalOf(load), totalOf({ ...load, pollers: 1 })]);

    expect(rows).toEqual(totals.map((pair) => pair.map((total) => total.toFixed(2))));
    expect(Math.max(...totals.slice(0, 2).flat())).toBeLessThan(1);
  });

  test("is for the window that the stack has", () => {
    const serverless = readFileSync(path.join(import.meta.dirname, "../../serverless.yml"), "utf8");

    expect(serverless).toMatch(new RegExp(`^    ingestWindow: ${DEFAULT_LOAD.windowSeconds}$`, "m"));
  });

  test("has the cost of a month without an event", () => {
    const causes = Object.values(fixedCost(DEFAULT_LOAD, readMeasuredUsage(), STACK_INVENTORY));
    const sum = causes.reduce((all, each) => all + each, 0);

    expect(PAGE).toContain(`Some $${Math.round(sum)}:`);
  });
});
