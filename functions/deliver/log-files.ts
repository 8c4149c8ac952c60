import { composeLogFiles } from "../../shared/compose/aws.ts";
import { deliveryFunction } from "../../shared/compose/delivery-function.ts";

/** SQS queue `log-files` → log files in the trails' buckets. */
export const handler = deliveryFunction("log-files", composeLogFiles);
