import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { coreOf, demandOf, usages } from "../../capacity/demand.ts";
import { EVENTS_A_CPU_SECOND, IMPORTED_A_CPU_SECOND, MEASURED, type Stage } from "../../capacity/measured.ts";
import { QUOTAS } from "../../capacity/quotas.ts";
import { SETTINGS } from "../../capacity/settings.ts";
import { copiesTable, quotaList, quotasTable } from "../../capacity/tables.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const PAGE = path.join(ROOT, "docs/capacity.md");
const PERFORMANCE = readFileSync(path.join(ROOT, "docs/performance.md"), "utf8");

describe("what capacity is computed from", () => {
  test("are the figures of docs/performance.md", () => {
    const rows = PERFORMANCE.matchAll(
      /^\| deliver\/([\w-]+) \| (100|1) \| ([\d,]+) \| ([\d.]+) \| ([\d.]+) \|/gm,
    );

    const measured = [...rows].map(([, stage, size, records = "", seconds, cpuSeconds]) => [
      stage,
      size,
      Number(records.replaceAll(",", "")),
      Number(seconds),
      Number(cpuSeconds),
    ]);

    expect(measured.sort()).toEqual(
      (Object.keys(MEASURED) as Stage[])
        .flatMap((stage) =>
          ([1, 100] as const).map((size) => {
            const { records, seconds, cpuSeconds } = MEASURED[stage][size];
            return [stage, String(size), records, seconds, cpuSeconds];
          }),
        )
        .sort(),
    );
    expect(PERFORMANCE).toContain(`${IMPORTED_A_CPU_SECOND.toLocaleString("en-US")} records a CPU second`);
    expect(PERFORMANCE).toContain(`${EVENTS_A_CPU_SECOND.toLocaleString("en-US")} a CPU second`);
  });

  test("are the stack's own windows and concurrencies", () => {
    const configuration = readFileSync(path.join(ROOT, "serverless.yml"), "utf8");

    for (const settings of Object.values(SETTINGS)) {
      expect(configuration).toContain(`    ${settings.windowParameter}: ${settings.window}\n`);
      expect(configuration).toContain(`    ${settings.concurrencyParameter}: ${settings.concurrency}\n`);
    }
  });
});

describe("the demand of a load", () => {
  test("a copy is busy with a full batch for what it waits and for its CPU time at its part of a core", () => {
    const { batchSeconds, copies } = demandOf({ rate: 29_500, recordsPerBlock: 100 });

    expect(batchSeconds["log-files"]).toBeCloseTo(0.9 + 2.2 / coreOf(512), 5);
    expect(copies["log-files"]).toBeCloseTo(batchSeconds["log-files"], 5);
  });

  test("the default bus's events that the stack's copies take are those that the page says", () => {
    const perCopy = Math.round((EVENTS_A_CPU_SECOND * coreOf(512)) / 100) * 100;
    const configuration = readFileSync(path.join(ROOT, "serverless.yml"), "utf8");
    const [, copies] = /^ {4}ingestConcurrency: (\d+)$/m.exec(configuration) ?? [];

    expect(readFileSync(PAGE, "utf8")).toContain(
      `${perCopy.toLocaleString("en-US")} events a second and copy (${EVENTS_A_CPU_SECOND.toLocaleString("en-US")} a CPU second), ` +
        `\`ingestConcurrency\` copies: ${(perCopy * Number(copies)).toLocaleString("en-US")}.`,
    );
  });

  test("grows with the rate, and none of it shrinks", () => {
    for (const recordsPerBlock of [1, 100]) {
      const slow = demandOf({ rate: 1_000, recordsPerBlock });
      const fast = demandOf({ rate: 10_000, recordsPerBlock });

      for (const quota of Object.keys(QUOTAS) as (keyof typeof QUOTAS)[]) {
        expect(fast.used[quota]).toBeGreaterThanOrEqual(slow.used[quota]);
      }
      expect(fast.used.putEvents).toBeCloseTo(10 * slow.used.putEvents, 5);
    }
  });

  test("messages wait in flight for their window, and no longer than it takes to fill batches", () => {
    const slow = demandOf({ rate: 1, recordsPerBlock: 1 });
    const fast = demandOf({ rate: 1_000_000, recordsPerBlock: 1 });

    expect(slow.used.inFlight).toBeCloseTo(60 + slow.batchSeconds["log-files"], 5);
    expect(fast.used.inFlight).toBeCloseTo(2 * 1_000_000 * fast.batchSeconds["log-files"], 0);
  });

  test("with a core a copy 10,000 events in blocks of one, and a million in blocks of a hundred, fit in flight", () => {
    const inFlight = (rate: number, recordsPerBlock: number, memoryMb: number) =>
      demandOf({ rate, recordsPerBlock, memoryMb }).used.inFlight / QUOTAS.inFlight.limit;

    expect(inFlight(10_000, 1, 512)).toBeGreaterThan(1);
    expect(inFlight(10_000, 1, 1_769)).toBeLessThan(0.8);
    expect(inFlight(1_000_000, 100, 512)).toBeGreaterThan(1);
    expect(inFlight(1_000_000, 100, 1_769)).toBeLessThan(0.8);
  });

  test("the quota that is met first comes first", () => {
    const parts = usages(demandOf({ rate: 100_000, recordsPerBlock: 1 })).map(({ part }) => part);

    expect(parts).toEqual([...parts].sort((one, other) => other - one));
    expect(parts).toHaveLength(Object.keys(QUOTAS).length);
  });
});

test("docs/capacity.md has the tables as they are computed (OPENTRAIL_UPDATE_DOCS=1 writes them)", () => {
  const page = readFileSync(PAGE, "utf8");
  const tables = { copies: copiesTable(), "quotas-met": quotasTable(), quotas: quotaList() };

  let updated = page;
  for (const [name, table] of Object.entries(tables)) {
    const block = new RegExp(`(<!-- ${name} -->\\n)[\\s\\S]*?(\\n?<!-- /${name} -->)`);
    expect(updated).toMatch(block);
    updated = updated.replace(block, (_, start, end) => `${start}${table}\n${end.trim()}`);
  }
  if (process.env.OPENTRAIL_UPDATE_DOCS) writeFileSync(PAGE, updated);

  expect(updated).toBe(page);
});
