import { ConcurrentTrailChange } from "../ports/trail-store.ts";
import type { Trail, TrailState } from "../trail/trail.ts";
import { AwsError } from "./aws-error.ts";
import type { OperationContext } from "./operation.ts";

/** What a call does to the account's trails, decided on one state of them. */
type TrailChange =
  | { readonly kind: "put"; readonly trail: Trail }
  | { readonly kind: "delete"; readonly trail: Trail }
  | { readonly kind: "none"; readonly trail: Trail };

/** A change that was made: the trail as it is now (or was, if it was deleted), and the state before. */
interface MadeChange {
  readonly trail: Trail;
  readonly before: TrailState;
}

/** A call that lost the race this often gives up: somebody changes the account's trails without pause. */
const ATTEMPTS = 8;

/**
 * Reads the caller's trails, lets `decide` decide on them, and writes. When another call has changed the trails in
 * between, it is all done anew, so that no rule is judged by a state that was gone.
 * @throws AwsError what `decide` throws; ConflictException when others were faster each time
 */
export async function changeTrails(
  { trails, caller, clock }: OperationContext,
  decide: (state: TrailState) => Promise<TrailChange>,
): Promise<MadeChange> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const before = await trails.read(caller.accountId);
    const change = await decide(before);
    try {
      if (change.kind === "put") await trails.put(change.trail, before.version);
      if (change.kind === "delete") {
        await trails.delete(caller.accountId, change.trail.trailArn, before.version);
      }
      return { trail: change.trail, before };
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
