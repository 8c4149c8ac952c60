import { MetricUnit, type Metrics as PowertoolsMetrics } from "@aws-lambda-powertools/metrics";
import type { Metrics } from "../../ports/metrics.ts";

/**
 * CloudWatch metrics in the embedded metric format, by Powertools. A count with dimensions is written at once, a
 * count without them when the invocation ends.
 */
export function cloudWatchMetrics(powertools: PowertoolsMetrics): Metrics {
  return {
    count(name, value, dimensions) {
      if (dimensions === undefined) {
        powertools.addMetric(name, MetricUnit.Count, value);
        return;
      }
      const single = powertools.singleMetric();
      single.addDimensions({ ...dimensions });
      single.addMetric(name, MetricUnit.Count, value);
    },
  };
}
