import { AwsError } from "../error/aws-error.ts";
import { isArn, parseTrailArn, trailArn } from "../trail/arn.ts";
import { requireTrailName } from "../trail/name.ts";
import { showsIn } from "../trail/scope.ts";
import type { Trail, TrailState } from "../trail/trail.ts";
import type { Caller } from "./http.ts";

/** Who a call for a trail comes from: an account and a region. */
export type TrailActor = Pick<Caller, "accountId" | "region">;

/**
 * Checks the form of a name or ARN that is to name a trail.
 * @throws AwsError InvalidTrailNameException, CloudTrailARNInvalidException
 */
export function requireTrailReference(nameOrArn: string): void {
  if (nameOrArn === "") throw new AwsError("InvalidTrailNameException", "Trail name cannot be blank!");
  if (isArn(nameOrArn)) parseTrailArn(nameOrArn);
  else requireTrailName(nameOrArn);
}

/**
 * The trail that a name or ARN means in the caller's region. A name means one of the account's own trails that is at home
 * there: shadow trails, and the organization's for members, are named by their ARN.
 * @throws AwsError as `requireTrailReference`, TrailNotFoundException
 */
export function visibleTrail(state: TrailState, nameOrArn: string, caller: TrailActor): Trail {
  requireTrailReference(nameOrArn);
  const trail = state.trails.find((each) =>
    isArn(nameOrArn)
      ? each.trailArn === nameOrArn && showsIn(each, caller.region, true)
      : each.name === nameOrArn && each.homeRegion === caller.region && each.accountId === caller.accountId,
  );
  if (!trail) {
    const { accountId, region: homeRegion } = caller;
    const arn = isArn(nameOrArn) ? nameOrArn : trailArn({ homeRegion, accountId, name: nameOrArn });
    throw new AwsError("TrailNotFoundException", `Unknown trail: ${arn} for the user: ${accountId}`);
  }
  return trail;
}

/**
 * The trail that a name or ARN means, for a call that changes it: such a call must come to its home region.
 * @throws AwsError as `visibleTrail` and `requireOwner`, InvalidHomeRegionException
 */
export function homeTrail(state: TrailState, nameOrArn: string, caller: TrailActor): Trail {
  const trail = visibleTrail(state, nameOrArn, caller);
  requireOwner(trail, caller);
  if (trail.homeRegion !== caller.region) {
    throw new AwsError(
      "InvalidHomeRegionException",
      `The trail ${trail.trailArn} must be changed from its home region ${trail.homeRegion}, not from ${caller.region}.`,
    );
  }
  return trail;
}

/** @throws AwsError NotOrganizationMasterAccountException for a member that would change an organization trail */
export function requireOwner(trail: Trail, { accountId }: TrailActor): void {
  if (trail.accountId === accountId) return;
  throw new AwsError(
    "NotOrganizationMasterAccountException",
    `Account ${accountId} is neither the management account nor a delegated administrator of the organization that the trail ${trail.trailArn} belongs to.`,
  );
}
