import { describe, expect, it } from "vitest";
import type { Metrics } from "../../shared/ports/metrics.ts";

/** Metrics with a way to read a counter back. */
export interface MetricsFixture {
  readonly metrics: Metrics;
  read(name: string, dimensions?: Readonly<Record<string, string>>): number;
}

/** What every Metrics does. */
export function describeMetricsContract(name: string, make: () => MetricsFixture): void {
  describe(`metrics: ${name}`, () => {
    it("a counter is the sum of what was added", () => {
      const { metrics, read } = make();

      metrics.count("RecordsAccepted", 2);
      metrics.count("RecordsAccepted", 3);

      expect(read("RecordsAccepted")).toBe(5);
      expect(read("RecordsRejected")).toBe(0);
    });

    it("a name has a counter for each set of dimensions, in whatever order they come", () => {
      const { metrics, read } = make();

      metrics.count("Delivered", 1);
      metrics.count("Delivered", 2, { stage: "log-files", region: "us-east-1" });
      metrics.count("Delivered", 4, { region: "us-east-1", stage: "log-files" });
      metrics.count("Delivered", 8, { stage: "event-bus", region: "us-east-1" });

      expect(read("Delivered")).toBe(1);
      expect(read("Delivered", { stage: "log-files", region: "us-east-1" })).toBe(6);
      expect(read("Delivered", { stage: "event-bus", region: "us-east-1" })).toBe(8);
    });
  });
}
