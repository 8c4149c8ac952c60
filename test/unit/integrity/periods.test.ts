import fc from "fast-check";
import { expect, it } from "vitest";
import { clipPeriods, mergePeriods, type Period, uncovered } from "../../../shared/integrity/periods.ts";

const period = fc
  .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
  .map(([one, other]): Period => ({ start: Math.min(one, other), end: Math.max(one, other) }));

const moments = (periods: readonly Period[]): ReadonlySet<number> =>
  new Set(
    periods.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index)),
  );

it("merging keeps the time that is covered, in separate periods in order", () => {
  fc.assert(
    fc.property(fc.array(period), (periods) => {
      const merged = mergePeriods(periods);

      expect(moments(merged)).toEqual(new Set([...moments(periods)].sort((a, b) => a - b)));
      for (const [index, { start }] of merged.entries()) {
        expect(start).toBeGreaterThan(merged[index - 1]?.end ?? -1);
      }
    }),
  );
});

it("what is covered and what is not make up the whole, without overlap", () => {
  fc.assert(
    fc.property(fc.array(period), period, (periods, whole) => {
      const covered = mergePeriods(clipPeriods(periods, whole));

      const gaps = uncovered(covered, whole);

      const both = [...moments(covered), ...moments(gaps)];
      expect(both).toHaveLength(new Set(both).size);
      expect(new Set(both)).toEqual(moments([whole]));
    }),
  );
});
