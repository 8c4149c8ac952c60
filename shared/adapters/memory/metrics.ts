import type { Metrics } from "../../ports/metrics.ts";

/** Counters that can be read back. */
export class MemoryMetrics implements Metrics {
  readonly #counts = new Map<string, number>();

  count(name: string, value: number, dimensions: Readonly<Record<string, string>> = {}): void {
    const counter = counterName(name, dimensions);
    this.#counts.set(counter, (this.#counts.get(counter) ?? 0) + value);
  }

  /** A counter's sum; 0 if it was never counted. Without dimensions: the counter that has none. */
  read(name: string, dimensions: Readonly<Record<string, string>> = {}): number {
    return this.#counts.get(counterName(name, dimensions)) ?? 0;
  }
}

function counterName(name: string, dimensions: Readonly<Record<string, string>>): string {
  return JSON.stringify([name, ...Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
