import type { ActivityRecord } from "../event/record.ts";
import { isGlobalServiceEvent } from "./global-service-event.ts";
import type { Trail } from "./trail.ts";

/** What of a trail says which regions' events it takes. */
export type TrailScope = Pick<Trail, "isMultiRegionTrail" | "homeRegion" | "includeGlobalServiceEvents">;

/**
 * Whether a record lies in a trail's scope. An all-region trail takes every region, ones that nobody knows yet
 * included. A single-region trail takes its home region, and global service events there only if it includes them.
 */
export function isInScope(scope: TrailScope, record: ActivityRecord): boolean {
  return (
    scope.isMultiRegionTrail ||
    (record.awsRegion === scope.homeRegion &&
      (scope.includeGlobalServiceEvents || !isGlobalServiceEvent(record)))
  );
}

/**
 * Whether a trail shows in a region: at home, and as a shadow trail wherever it takes events.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
 */
export function showsIn(trail: TrailScope, region: string, includeShadowTrails: boolean): boolean {
  return trail.homeRegion === region || (includeShadowTrails && trail.isMultiRegionTrail);
}
