import { deliveryFunction } from "../../shared/compose/delivery-function.ts";
import { composeLogFiles } from "../../shared/compose/log-files.ts";

/** SQS queue `log-files` → log files in the trails' buckets. */
export const handler = deliveryFunction("log-files", composeLogFiles);
