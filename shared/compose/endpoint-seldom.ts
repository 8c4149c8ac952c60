/*
 * What few requests to the endpoint need: loaded when the first of them comes. All in one file, as each file more that a
 * bundle is split into costs a cold start half a millisecond.
 */
export { composeTrailLogGroups } from "./clients/cloudwatch-logs.ts";
export { openSigningKeys } from "./clients/kms.ts";
export { openBlockObjects, openObjects } from "./clients/s3.ts";
export { openQueues } from "./clients/sqs.ts";
