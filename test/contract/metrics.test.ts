import { MemoryMetrics } from "../../shared/adapters/memory/metrics.ts";
import { describeMetricsContract } from "./metrics.suite.ts";

describeMetricsContract("memory", () => {
  const metrics = new MemoryMetrics();
  return { metrics, read: (name, dimensions) => metrics.read(name, dimensions) };
});
