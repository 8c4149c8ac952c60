import { visibleTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";
import { trailDescription } from "../trail-description.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrail.html */
export const getTrail = defineOperation("GetTrail", "read", async ({ Name }, { trails, caller }) => {
  const trail = visibleTrail(await trails.read(caller.accountId), Name, caller);
  return { output: { Trail: trailDescription(trail) } };
});
