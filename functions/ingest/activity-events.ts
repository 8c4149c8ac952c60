import { activityEventsFunction } from "../../shared/compose/activity-events-function.ts";
import { composeActivityEvents } from "../../shared/compose/aws.ts";

/** SQS queue `activity-events`, or whoever invokes it → activity blocks on the activity topic. */
export const handler = activityEventsFunction(composeActivityEvents);
