import type { JsonObject } from "../event/json.ts";
import type { ActivityRecord } from "../event/record.ts";

/**
 * The regions, one a partition that has the service, in which the events of a global service are recorded.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-concepts.html#cloudtrail-concepts-global-service-events
 */
const REGIONS_OF_GLOBAL_SERVICES: ReadonlyMap<unknown, readonly string[]> = new Map([
  ["iam.amazonaws.com", ["us-east-1", "cn-north-1", "us-gov-west-1"]],
  ["cloudfront.amazonaws.com", ["us-east-1", "cn-northwest-1"]],
  ["route53.amazonaws.com", ["us-east-1", "cn-northwest-1", "us-gov-west-1"]],
  ["signin.amazonaws.com", ["us-east-1"]],
  ["sts.amazonaws.com", ["us-east-1"]],
]);

/** A regional STS endpoint, also by way of PrivateLink, FIPS or dual stack. */
const REGIONAL_STS_HOST = /(?:^|\.)sts(?:-fips)?\.[a-z]+(?:-[a-z]+)+-\d\./;

/**
 * Whether a record is of a global service event: IAM, CloudFront, Route 53, console sign-in or STS's global endpoint, in
 * the region where its partition records them. STS in that region counts as global unless the record
 * tells that a regional endpoint was called.
 */
export function isGlobalServiceEvent({ fields, awsRegion }: ActivityRecord): boolean {
  const { eventSource } = fields;
  return (
    REGIONS_OF_GLOBAL_SERVICES.get(eventSource)?.includes(awsRegion) === true &&
    !(eventSource === "sts.amazonaws.com" && isRegionalSts(fields))
  );
}

function isRegionalSts({ tlsDetails, additionalEventData }: JsonObject): boolean {
  const host = (tlsDetails as JsonObject | null | undefined)?.clientProvidedHostHeader;
  const details = (additionalEventData as JsonObject | null | undefined)?.RequestDetails;
  return (
    (details as JsonObject | null | undefined)?.endpointType === "regional" ||
    (typeof host === "string" && REGIONAL_STS_HOST.test(host))
  );
}
