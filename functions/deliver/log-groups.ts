import { composeLogGroups } from "../../shared/compose/deliveries.ts";
import { deliveryFunction } from "../../shared/compose/delivery-function.ts";

/** SQS queue `log-groups` → log events in the trails' log groups. */
export const handler = deliveryFunction("log-groups", composeLogGroups);
