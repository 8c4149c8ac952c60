import { requireRoomForTrail } from "../../trail/quota.ts";
import type { Trail } from "../../trail/trail.ts";
import { changeTrails } from "../change-trails.ts";
import { homeTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";
import { trailSettings } from "../trail-description.ts";
import { settledSettings } from "../trail-settings.ts";
import { ownTrails } from "./create-trail.ts";

/**
 * Members that are left out stay as they are; an empty string removes a setting that need not be there.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateTrail.html
 */
export const updateTrail = defineOperation("UpdateTrail", "write", async ({ Name, ...input }, context) => {
  const { trail } = await changeTrails(context, Name, async (state, actor) => {
    const before = homeTrail(state, Name, actor);
    const settings = await settledSettings(input, before.trailArn, before, context);
    const trail: Trail = { ...withoutRemovableSettings(before), ...settings };
    if (trail.isMultiRegionTrail && !before.isMultiRegionTrail) {
      const others = ownTrails(state, trail.accountId).filter(({ trailArn }) => trailArn !== trail.trailArn);
      requireRoomForTrail(trail.accountId, others, trail);
    }
    return { kind: "put", trail };
  });
  return { output: trailSettings(trail) };
});

function withoutRemovableSettings(trail: Trail): Trail {
  const {
    s3KeyPrefix: _prefix,
    kmsKeyId: _key,
    snsTopicArn: _topic,
    snsTopicName: _topicName,
    snsTopicSince: _topicSince,
    cloudWatchLogsLogGroupArn: _logGroup,
    cloudWatchLogsRoleArn: _role,
    organizationId: _organization,
    ...rest
  } = trail;
  return rest;
}
