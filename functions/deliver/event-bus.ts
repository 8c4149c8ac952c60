import { composeEventBus } from "../../shared/compose/deliveries.ts";
import { deliveryFunction } from "../../shared/compose/delivery-function.ts";

/** SQS queue `event-bus` → entries on OpenTrail's event bus. */
export const handler = deliveryFunction("event-bus", composeEventBus);
