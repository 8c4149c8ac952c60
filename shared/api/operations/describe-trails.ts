import { showsIn } from "../../trail/scope.ts";
import { requireTrailReference } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";
import { trailDescription } from "../trail-description.ts";

/**
 * Names match the region's own trails alone; a shadow trail is asked for by its ARN. What is not found is left out:
 * there is no TrailNotFoundException.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
 */
export const describeTrails = defineOperation(
  "DescribeTrails",
  "read",
  async ({ trailNameList = [], includeShadowTrails = true }, { trails, caller }) => {
    for (const reference of trailNameList) requireTrailReference(reference);
    const asked = new Set(trailNameList);
    const { trails: all } = await trails.read(caller.accountId);
    const described = all
      .filter((trail) => showsIn(trail, caller.region, includeShadowTrails))
      .filter(
        ({ trailArn, name, homeRegion, accountId }) =>
          asked.size === 0 ||
          asked.has(trailArn) ||
          (homeRegion === caller.region && accountId === caller.accountId && asked.has(name)),
      );
    return { output: { trailList: described.map(trailDescription) } };
  },
);
