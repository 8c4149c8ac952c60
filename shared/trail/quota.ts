import { AwsError } from "../error/aws-error.ts";
import { showsIn, type TrailScope } from "./scope.ts";
import type { Trail } from "./trail.ts";

/** Trails a region. An all-region trail counts in every region. */
const TRAILS_PER_REGION = 5;

/**
 * Checks that an account may have one more trail of that scope beside those that it has (without the trail itself, where
 * one is being widened to all regions).
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 * @throws AwsError MaximumNumberOfTrailsExceededException
 */
export function requireRoomForTrail(accountId: string, others: readonly Trail[], scope: TrailScope): void {
  const regions = new Set([scope.homeRegion]);
  if (scope.isMultiRegionTrail) {
    for (const { homeRegion } of others) regions.add(homeRegion);
  }
  for (const region of regions) {
    const count = others.filter((trail) => showsIn(trail, region, true)).length;
    if (count >= TRAILS_PER_REGION) {
      throw new AwsError(
        "MaximumNumberOfTrailsExceededException",
        `User: ${accountId} already has ${count} trails in ${region}.`,
      );
    }
  }
}
