import { isDeepStrictEqual } from "node:util";
import { DEFAULT_EVENT_SELECTION, type EventSelection } from "../selector/event-selection.ts";
import type { Trail } from "../trail/trail.ts";
import type { OperationOutputs } from "./service-types.ts";

/** What CreateTrail and UpdateTrail answer of a trail. Members that are not set are undefined. */
export function trailSettings(trail: Trail): OperationOutputs["CreateTrail"] {
  return {
    Name: trail.name,
    S3BucketName: trail.s3BucketName,
    S3KeyPrefix: trail.s3KeyPrefix,
    // "No longer in use", and answered all the same as it was set, name or ARN: Terraform compares it.
    SnsTopicName: trail.snsTopicName,
    SnsTopicARN: trail.snsTopicArn,
    IncludeGlobalServiceEvents: trail.includeGlobalServiceEvents,
    IsMultiRegionTrail: trail.isMultiRegionTrail,
    TrailARN: trail.trailArn,
    LogFileValidationEnabled: trail.logFileValidationEnabled,
    CloudWatchLogsLogGroupArn: trail.cloudWatchLogsLogGroupArn,
    CloudWatchLogsRoleArn: trail.cloudWatchLogsRoleArn,
    KmsKeyId: trail.kmsKeyId,
    IsOrganizationTrail: trail.organizationId !== undefined,
    RecursiveLogging: trail.recursiveLogging,
  };
}

/** What GetTrail and DescribeTrails answer of a trail. */
export function trailDescription(trail: Trail): NonNullable<OperationOutputs["GetTrail"]["Trail"]> {
  return {
    ...trailSettings(trail),
    HomeRegion: trail.homeRegion,
    HasCustomEventSelectors: !isDeepStrictEqual(trail.selection, DEFAULT_EVENT_SELECTION),
    HasInsightSelectors: trail.insightSelectors !== undefined,
  };
}

/** The selectors in an answer: basic or advanced ones. */
export function describedSelectors(
  selection: EventSelection,
): Pick<OperationOutputs["GetEventSelectors"], "EventSelectors" | "AdvancedEventSelectors"> {
  return selection.kind === "basic"
    ? { EventSelectors: selection.selectors }
    : { AdvancedEventSelectors: selection.selectors };
}
