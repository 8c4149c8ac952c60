import { DEFAULT_EVENT_SELECTION } from "../../shared/selector/event-selection.ts";
import { trailArn } from "../../shared/trail/arn.ts";
import type { Trail } from "../../shared/trail/trail.ts";

/** A logging all-region trail with the default selection, with `members` in place of its own. */
export function makeTrail(members: Partial<Trail> = {}): Trail {
  const { name = "management-events", homeRegion = "us-east-1", accountId = "111122223333" } = members;
  return {
    trailArn: trailArn({ name, homeRegion, accountId }),
    accountId,
    homeRegion,
    name,
    s3BucketName: "amzn-s3-demo-bucket1",
    isMultiRegionTrail: true,
    includeGlobalServiceEvents: true,
    logFileValidationEnabled: false,
    selection: DEFAULT_EVENT_SELECTION,
    isLogging: true,
    createdAt: Date.UTC(2026, 10, 23),
    ...members,
  };
}
