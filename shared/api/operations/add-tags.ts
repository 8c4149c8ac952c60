import { defineOperation } from "../operation.ts";
import { changeTags } from "../tagged-resource.ts";
import { withTags } from "../trail-tags.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AddTags.html */
export const addTags = defineOperation("AddTags", "write", async ({ ResourceId, TagsList }, context) => {
  await changeTags(context, ResourceId, (tags) => withTags(tags, TagsList));
  return { output: {} };
});
