import { AwsError } from "../../error/aws-error.ts";
import { DEFAULT_EVENT_SELECTION } from "../../selector/event-selection.ts";
import { trailArn } from "../../trail/arn.ts";
import { requireTrailName } from "../../trail/name.ts";
import { requireRoomForTrail } from "../../trail/quota.ts";
import type { Trail, TrailState } from "../../trail/trail.ts";
import { changeTrails } from "../change-trails.ts";
import { defineOperation } from "../operation.ts";
import { requireOrganization } from "../require-organization.ts";
import { trailSettings } from "../trail-description.ts";
import { NEW_TRAIL_SETTINGS, settledSettings } from "../trail-settings.ts";
import { withTags } from "../trail-tags.ts";

/**
 * Makes a trail at home in the caller's region. It does not log until StartLogging.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html
 */
export const createTrail = defineOperation(
  "CreateTrail",
  "write",
  async ({ Name: name, TagsList = [], ...input }, context) => {
    const homeRegion = context.caller.region;
    if (name === "") throw new AwsError("InvalidTrailNameException", "Trail name cannot be blank!");
    requireTrailName(name);
    const tags = withTags({}, TagsList);
    const owner = input.IsOrganizationTrail
      ? requireOrganization(context).managementAccountId
      : context.caller.accountId;
    const reference = trailArn({ homeRegion, accountId: owner, name });
    const { trail } = await changeTrails(context, reference, async (state, { accountId }) => {
      const arn = trailArn({ homeRegion, accountId, name });
      const trail: Trail = {
        trailArn: arn,
        accountId,
        homeRegion,
        name,
        ...(await settledSettings(input, arn, NEW_TRAIL_SETTINGS, context)),
        selection: DEFAULT_EVENT_SELECTION,
        isLogging: false,
        createdAt: context.clock.now(),
        ...(TagsList.length > 0 && { tags }),
      };
      requireNewName(state, trail);
      requireRoomForTrail(accountId, ownTrails(state, accountId), trail);
      return { kind: "put", trail };
    });
    return { output: trailSettings(trail) };
  },
);

/** A name is taken in its home region, and an all-region trail's in every region. */
function requireNewName(
  { trails }: TrailState,
  { name, homeRegion, accountId, isMultiRegionTrail }: Trail,
): void {
  const isTaken = trails.some(
    (trail) =>
      trail.name === name &&
      (trail.homeRegion === homeRegion || trail.isMultiRegionTrail || isMultiRegionTrail),
  );
  if (isTaken) {
    throw new AwsError(
      "TrailAlreadyExistsException",
      `Trail ${name} already exists for customer: ${accountId}`,
    );
  }
}

/** Organization trails do not count against the members' quotas. */
export function ownTrails({ trails }: TrailState, accountId: string): readonly Trail[] {
  return trails.filter((trail) => trail.accountId === accountId);
}
