import { compileFilterPattern } from "../../shared/filter-pattern/filter-pattern.ts";
import type { LogsOperation } from "./call.ts";

/**
 * Tells which messages a filter pattern matches, counted from 1. No values are extracted.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TestMetricFilter.html
 */
export const testMetricFilter: LogsOperation<"TestMetricFilter"> = async ({ input }) => {
  const matches = compileFilterPattern(input.filterPattern);
  return {
    matches: input.logEventMessages.flatMap((eventMessage, index) =>
      matches(eventMessage) ? [{ eventNumber: index + 1, eventMessage, extractedValues: {} }] : [],
    ),
  };
};
