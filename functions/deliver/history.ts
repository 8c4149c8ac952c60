import { composeHistory } from "../../shared/compose/deliveries.ts";
import { deliveryFunction } from "../../shared/compose/delivery-function.ts";

/** SQS queue `history` → the event history, which LookupEvents answers from. */
export const handler = deliveryFunction("history", composeHistory);
