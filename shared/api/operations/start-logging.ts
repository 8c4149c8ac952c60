import { changeTrails } from "../change-trails.ts";
import { homeTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";

/**
 * Does nothing to a trail that logs already. The call's own record is judged by the state after it: it is the first
 * that the trail logs.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StartLogging.html
 */
export const startLogging = defineOperation("StartLogging", "write", async ({ Name }, context) => {
  await changeTrails(context, Name, async (state, actor) => {
    const trail = homeTrail(state, Name, actor);
    if (trail.isLogging) return { kind: "none", trail };
    return { kind: "put", trail: { ...trail, isLogging: true, startLoggingTime: context.clock.now() } };
  });
  return { output: {} };
});
