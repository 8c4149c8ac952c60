import { activityEventsFunction } from "../../shared/compose/activity-events-function.ts";
import { composeCollector } from "../../shared/compose/collector.ts";

/** SQS queue `activity-events` of another region or account → activity blocks on the home stack's activity topic. */
export const handler = activityEventsFunction(composeCollector);
