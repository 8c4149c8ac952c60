import { changeTrails } from "../change-trails.ts";
import { homeTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";

/**
 * Does nothing to a trail that does not log. The call's own record is judged by the state before it: the trail logs
 * that it was stopped.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_StopLogging.html
 */
export const stopLogging = defineOperation("StopLogging", "write", async ({ Name }, context) => {
  const { before } = await changeTrails(context, Name, async (state, actor) => {
    const trail = homeTrail(state, Name, actor);
    if (!trail.isLogging) return { kind: "none", trail };
    return { kind: "put", trail: { ...trail, isLogging: false, stopLoggingTime: context.clock.now() } };
  });
  return { output: {}, judgedBy: before };
});
