import { AwsError } from "../../error/aws-error.ts";
import { commonError } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { tagsOf } from "../tagged-resource.ts";
import { tagsList } from "../trail-tags.ts";

const MOST_RESOURCES = 20;

/**
 * In one page: a trail has 50 tags at most.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTags.html
 */
export const listTags = defineOperation(
  "ListTags",
  "read",
  async ({ ResourceIdList, NextToken }, context) => {
    if (ResourceIdList.length > MOST_RESOURCES) {
      throw commonError("ValidationException", `ResourceIdList must have at most ${MOST_RESOURCES} members.`);
    }
    if (NextToken !== undefined) throw new AwsError("InvalidTokenException", "The token is not valid.");
    const tags = await Promise.all(ResourceIdList.map((resourceId) => tagsOf(context, resourceId)));
    return {
      output: {
        ResourceTagList: ResourceIdList.map((ResourceId, index) => ({
          ResourceId,
          TagsList: tagsList(tags[index] ?? {}),
        })),
      },
    };
  },
);
