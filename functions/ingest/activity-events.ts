import { composeActivityEvents } from "../../shared/compose/activity-events.ts";
import { activityEventsFunction } from "../../shared/compose/activity-events-function.ts";

/** SQS queue `activity-events`, or whoever invokes it → activity blocks on the activity topic. */
export const handler = activityEventsFunction(composeActivityEvents);
