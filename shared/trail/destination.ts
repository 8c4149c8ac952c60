import type { Trail, TrailDestination } from "./trail.ts";

/** The part of a trail that a routing slip carries. Members that the trail has not set are left out. */
export function destinationOf(trail: Trail): TrailDestination {
  const {
    trailArn,
    accountId,
    homeRegion,
    name,
    s3BucketName,
    s3KeyPrefix,
    kmsKeyId,
    snsTopicArn,
    cloudWatchLogsLogGroupArn,
    cloudWatchLogsRoleArn,
    organizationId,
    logFileValidationEnabled,
  } = trail;
  return {
    trailArn,
    accountId,
    homeRegion,
    name,
    s3BucketName,
    ...(s3KeyPrefix !== undefined && { s3KeyPrefix }),
    ...(kmsKeyId !== undefined && { kmsKeyId }),
    ...(snsTopicArn !== undefined && { snsTopicArn }),
    ...(cloudWatchLogsLogGroupArn !== undefined && { cloudWatchLogsLogGroupArn }),
    ...(cloudWatchLogsRoleArn !== undefined && { cloudWatchLogsRoleArn }),
    ...(organizationId !== undefined && { organizationId }),
    ...(logFileValidationEnabled && { logFileValidationEnabled }),
  };
}
