import { AwsError } from "../aws-error.ts";
import { commonError } from "../errors.ts";
import { defineOperation } from "../operation.ts";
import { taggedTrail } from "../tagged-trail.ts";
import { tagsList } from "../trail-tags.ts";

const MOST_RESOURCES = 20;

/**
 * In one page: a trail has 50 tags at most.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTags.html
 */
export const listTags = defineOperation(
  "ListTags",
  "read",
  async ({ ResourceIdList, NextToken }, { trails, caller }) => {
    if (ResourceIdList.length > MOST_RESOURCES) {
      throw commonError("ValidationException", `ResourceIdList must have at most ${MOST_RESOURCES} members.`);
    }
    if (NextToken !== undefined) throw new AwsError("InvalidTokenException", "The token is not valid.");
    const state = await trails.read(caller.accountId);
    return {
      output: {
        ResourceTagList: ResourceIdList.map((ResourceId) => ({
          ResourceId,
          TagsList: tagsList(taggedTrail(state, ResourceId, caller).tags ?? {}),
        })),
      },
    };
  },
);
