import { AwsError } from "../error/aws-error.ts";
import { isDelegatedAdministrator } from "../organization/delegated-administrators.ts";
import { ConcurrentTrailChange } from "../ports/trail-store.ts";
import { isArn } from "../trail/arn.ts";
import type { Trail, TrailState } from "../trail/trail.ts";
import type { TrailActor } from "./find-trail.ts";
import type { OperationContext } from "./operation.ts";

/** What a call does to the account's trails, decided on one state of them. */
type TrailChange =
  | { readonly kind: "put"; readonly trail: Trail }
  | { readonly kind: "delete"; readonly trail: Trail }
  | { readonly kind: "none"; readonly trail: Trail };

/** A change that was made: the trail as it is now (or was, if it was deleted), and what the caller saw before. */
interface MadeChange {
  readonly trail: Trail;
  readonly before: TrailState;
}

/** A call that lost the race this often gives up: somebody changes the account's trails without pause. */
const ATTEMPTS = 8;

/**
 * Reads the caller's trails, lets `decide` decide on them, and writes. When another call has changed the trails in
 * between, it is all done anew, so that no rule is judged by a state that was gone. What a delegated administrator
 * does to an organization trail is done to the management account's trails, in its name.
 *
 * @param nameOrArn the trail that the call names
 * @throws AwsError what `decide` throws; ConflictException when others were faster each time
 */
export async function changeTrails(
  context: OperationContext,
  nameOrArn: string,
  decide: (state: TrailState, actor: TrailActor) => Promise<TrailChange>,
): Promise<MadeChange> {
  const { trails, caller, clock } = context;
  const accountId = await actingAccount(context, nameOrArn);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const seen = await trails.read(caller.accountId);
    const before = accountId === caller.accountId ? seen : await trails.read(accountId);
    const change = await decide(before, { accountId, region: caller.region });
    try {
      if (change.kind === "put") await trails.put(change.trail, before.version);
      if (change.kind === "delete") {
        await trails.delete(accountId, change.trail.trailArn, before.version);
      }
      return { trail: change.trail, before: seen };
    } catch (error) {
      if (!(error instanceof ConcurrentTrailChange)) throw error;
      await clock.sleep(5 * attempt);
    }
  }
  throw new AwsError(
    "ConflictException",
    "The trails of the account are being changed by other calls. Try again.",
  );
}

/** The account whose trails a call changes: the caller's, or the one that it is a delegated administrator of. */
async function actingAccount(
  { organization, settings, caller }: OperationContext,
  nameOrArn: string,
): Promise<string> {
  const { accountId } = caller;
  if (!organization || accountId === organization.managementAccountId || !isArn(nameOrArn)) return accountId;
  const isManagementAccounts = nameOrArn.split(":")[4] === organization.managementAccountId;
  return isManagementAccounts && (await isDelegatedAdministrator({ settings }, organization, accountId))
    ? organization.managementAccountId
    : accountId;
}
