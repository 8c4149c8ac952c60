/** A time range, in ms since the epoch. */
export interface Period {
  readonly start: number;
  readonly end: number;
}

/** The same time in as few periods as it takes, in order. */
export function mergePeriods(periods: readonly Period[]): readonly Period[] {
  const merged: Period[] = [];
  for (const period of [...periods].sort((one, other) => one.start - other.start)) {
    const last = merged.at(-1);
    if (last !== undefined && period.start <= last.end) {
      merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, period.end) };
    } else if (period.end > period.start) {
      merged.push(period);
    }
  }
  return merged;
}

/** The part of each period that lies within another one. */
export function clipPeriods(periods: readonly Period[], { start, end }: Period): readonly Period[] {
  return periods
    .map((period) => ({ start: Math.max(period.start, start), end: Math.min(period.end, end) }))
    .filter((period) => period.end > period.start);
}

/** What of a period none of the others covers. @param covered merged and within the period */
export function uncovered(covered: readonly Period[], { start, end }: Period): readonly Period[] {
  const gaps: Period[] = [];
  let from = start;
  for (const period of covered) {
    gaps.push({ start: from, end: period.start });
    from = period.end;
  }
  return [...gaps, { start: from, end }].filter((gap) => gap.end > gap.start);
}
