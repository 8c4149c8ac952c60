import { changeTrails } from "../change-trails.ts";
import { defineOperation } from "../operation.ts";
import { taggedTrail } from "../tagged-trail.ts";
import { withTags } from "../trail-tags.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html */
export const addTags = defineOperation("AddTags", "write", async ({ ResourceId, TagsList }, context) => {
  await changeTrails(context, async (state) => {
    const trail = taggedTrail(state, ResourceId, context.caller);
    return { kind: "put", trail: { ...trail, tags: withTags(trail.tags ?? {}, TagsList) } };
  });
  return { output: {} };
});
