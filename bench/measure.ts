import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";

/** CPU seconds, user and system, that all threads of this process spent while `work` ran. */
export async function cpuSeconds(work: () => Promise<void>): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The middle one of some figures (of an even number, the upper of the two middle ones). */
export function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}

/** The figure below which a share of all figures lies. */
export function percentile(figures: readonly number[], share: number): number {
  const sorted = [...figures].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export type Row = Readonly<Record<string, string | number>>;

/** Prints the rows as a table and writes them as JSON to `bench/results/<name>.json`. */
export function report(name: string, rows: readonly Row[]): void {
  console.log(`\n${name} (Node ${process.version})`);
  console.table(rows);
  const folder = path.join(import.meta.dirname, "results");
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, `${name}.json`),
    `${JSON.stringify({ node: process.version, rows }, null, 2)}\n`,
  );
}
