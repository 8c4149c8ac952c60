import { changeTrails } from "../change-trails.ts";
import { homeTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";

/**
 * Removes a trail; what it has accepted is delivered all the same. The call's own record is judged by the state before
 * it: the trail logs that it was deleted.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteTrail.html
 */
export const deleteTrail = defineOperation("DeleteTrail", "write", async ({ Name }, context) => {
  const { trail, before } = await changeTrails(context, Name, async (state, actor) => {
    return { kind: "delete", trail: homeTrail(state, Name, actor) };
  });
  await context.deliveryStatus.forget(trail.trailArn);
  return { output: {}, judgedBy: before };
});
