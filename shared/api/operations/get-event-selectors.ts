import { visibleTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";
import { describedSelectors } from "../trail-description.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html */
export const getEventSelectors = defineOperation(
  "GetEventSelectors",
  "read",
  async ({ TrailName }, { trails, caller }) => {
    const trail = visibleTrail(await trails.read(caller.accountId), TrailName, caller);
    return { output: { TrailARN: trail.trailArn, ...describedSelectors(trail.selection) } };
  },
);
