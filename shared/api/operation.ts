import type { JsonObject } from "../event/json.ts";
import type { History } from "../history/history.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { Organization } from "../organization/organization.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeliveryStatus } from "../ports/delivery-status.ts";
import type { LogGroups } from "../ports/log-groups.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { SettingStore } from "../ports/setting-store.ts";
import type { SigningKeys } from "../ports/signing-keys.ts";
import type { Topics } from "../ports/topics.ts";
import type { TrailStore } from "../ports/trail-store.ts";
import type { TrailState } from "../trail/trail.ts";
import type { Caller } from "./http.ts";
import type { OperationInputs, OperationOutputs } from "./service-types.ts";

/** What the operations of the CloudTrail API work with. */
export interface CloudTrailDependencies {
  /** As each account sees them: with the organization's trails, where there is an organization. */
  readonly trails: TrailStore;
  /** What is kept beside trails: channels, resource policies, delegated administrators. */
  readonly settings: SettingStore;
  /** The organization that some of the accounts belong to. */
  readonly organization?: Organization;
  readonly objects: ObjectStore;
  readonly logGroups: LogGroups;
  readonly deliveryStatus: DeliveryStatus;
  readonly signingKeys: Pick<SigningKeys, "list">;
  readonly ingest: Ingest;
  readonly clock: Clock;
  /** The event history. A host without it does not answer LookupEvents. */
  readonly history?: Pick<History, "find" | "tokenSecret">;
  /** Where trails' deliveries are notified. */
  readonly topics: Topics;
  /** Told of what callers are not: the cause of an InternalFailure. */
  readonly reportFailure: (error: unknown) => void;
}

/** An operation of the service model. */
export type OperationName = keyof OperationInputs;

/** What an operation does its work with. */
export interface OperationContext extends CloudTrailDependencies {
  readonly caller: Caller;
}

/** What an operation gives. */
export interface OperationResult<Output> {
  readonly output: Output;
  /** The trails that the call's own record is judged by, where they are not those that it left behind. */
  readonly judgedBy?: TrailState;
}

/** An operation, ready to be called with a request that was checked against the model. */
export interface Operation {
  readonly name: OperationName;
  /** Whether it changes nothing: `readOnly` of its record. */
  readonly readOnly: boolean;
  readonly run: (input: JsonObject, context: OperationContext) => Promise<OperationResult<JsonObject>>;
}

/** Makes an operation from its name in the service model, by which its input and output are typed. */
export function defineOperation<Name extends OperationName>(
  name: Name,
  kind: "read" | "write",
  run: (
    input: OperationInputs[Name],
    context: OperationContext,
  ) => Promise<OperationResult<OperationOutputs[Name]>>,
): Operation {
  // The validator is made from the same model as the types: what passed it is of the input's type.
  return { name, readOnly: kind === "read", run: run as unknown as Operation["run"] };
}
