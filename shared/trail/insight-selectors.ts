import { AwsError } from "../error/aws-error.ts";
import type { EventSelection } from "../selector/event-selection.ts";

type InsightCategory = "Management" | "Data";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_InsightSelector.html */
export interface InsightSelector {
  readonly InsightType?: "ApiCallRateInsight" | "ApiErrorRateInsight";
  /** Absent: management events. */
  readonly EventCategories?: readonly InsightCategory[];
}

/**
 * Checks the Insights that a trail is to take: each type once, and of events that the trail logs. Call rates are those
 * of write calls, error rates of all.
 * @throws AwsError InvalidInsightSelectorsException
 */
export function requireInsightSelectors(
  selectors: readonly InsightSelector[],
  selection: EventSelection,
): void {
  const types = selectors.map(({ InsightType }) => InsightType);
  if (types.includes(undefined)) throw invalid("An Insight selector must have an InsightType.");
  if (new Set(types).size < types.length) throw invalid("An InsightType must not be given twice.");
  for (const { InsightType, EventCategories = ["Management"] } of selectors) {
    if (EventCategories.length === 0) throw invalid("EventCategories must not be empty.");
    if (EventCategories.includes("Data") && !logsData(selection)) {
      throw invalid(`${InsightType} of data events needs a trail that logs data events.`);
    }
    if (EventCategories.includes("Management") && !logsManagement(selection, InsightType)) {
      throw invalid(
        InsightType === "ApiCallRateInsight"
          ? "ApiCallRateInsight needs a trail that logs write management events."
          : "ApiErrorRateInsight needs a trail that logs read or write management events.",
      );
    }
  }
}

function logsManagement(selection: EventSelection, type: InsightSelector["InsightType"]): boolean {
  const needsWrites = type === "ApiCallRateInsight";
  if (selection.kind === "basic") {
    return selection.selectors.some(
      ({ IncludeManagementEvents, ReadWriteType }) =>
        IncludeManagementEvents && !(needsWrites && ReadWriteType === "ReadOnly"),
    );
  }
  return selection.selectors.some(({ FieldSelectors }) => {
    const equals = (name: string) => FieldSelectors.find(({ Field }) => Field === name)?.Equals ?? [];
    return (
      equals("eventCategory").includes("Management") && !(needsWrites && equals("readOnly").includes("true"))
    );
  });
}

function logsData(selection: EventSelection): boolean {
  if (selection.kind === "basic")
    return selection.selectors.some(({ DataResources }) => DataResources.length > 0);
  return selection.selectors.some(({ FieldSelectors }) =>
    FieldSelectors.some(({ Field, Equals }) => Field === "eventCategory" && Equals?.includes("Data")),
  );
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidInsightSelectorsException", message);
}
