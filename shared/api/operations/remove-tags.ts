import { changeTrails } from "../change-trails.ts";
import { defineOperation } from "../operation.ts";
import { taggedTrail } from "../tagged-trail.ts";
import { withoutTags } from "../trail-tags.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_RemoveTags.html */
export const removeTags = defineOperation(
  "RemoveTags",
  "write",
  async ({ ResourceId, TagsList }, context) => {
    await changeTrails(context, async (state) => {
      const trail = taggedTrail(state, ResourceId, context.caller);
      return { kind: "put", trail: { ...trail, tags: withoutTags(trail.tags ?? {}, TagsList) } };
    });
    return { output: {} };
  },
);
