import { defineOperation } from "../operation.ts";
import { changeTags } from "../tagged-resource.ts";
import { withoutTags } from "../trail-tags.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_RemoveTags.html */
export const removeTags = defineOperation(
  "RemoveTags",
  "write",
  async ({ ResourceId, TagsList }, context) => {
    await changeTags(context, ResourceId, (tags) => withoutTags(tags, TagsList));
    return { output: {} };
  },
);
