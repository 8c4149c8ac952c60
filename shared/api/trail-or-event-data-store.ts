import { AwsError } from "../error/aws-error.ts";

/** What the calls that are for a trail or an event data store name. */
interface TrailOrEventDataStore {
  readonly TrailName?: string;
  readonly EventDataStore?: string;
}

/**
 * The trail that such a call names.
 * @param absent what there is to say of an event data store: there are none yet
 * @throws AwsError InvalidParameterCombinationException where both or none are named; `absent`
 */
export function namedTrail(
  { TrailName, EventDataStore }: TrailOrEventDataStore,
  absent: (eventDataStore: string) => AwsError,
): string {
  if (TrailName !== undefined && EventDataStore !== undefined) {
    throw new AwsError(
      "InvalidParameterCombinationException",
      "You cannot specify both TrailName and EventDataStore.",
    );
  }
  if (EventDataStore !== undefined) throw absent(EventDataStore);
  if (TrailName !== undefined) return TrailName;
  throw new AwsError(
    "InvalidParameterCombinationException",
    "You must specify either TrailName or EventDataStore.",
  );
}

/** For operations that know of event data stores that are not there. */
export function eventDataStoreNotFound(arnOrId: string): AwsError {
  return /^(?:arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:eventdatastore\/)?[\da-zA-Z-]{3,64}$/.test(arnOrId)
    ? new AwsError("EventDataStoreNotFoundException", `The event data store was not found: ${arnOrId}`)
    : new AwsError(
        "EventDataStoreARNInvalidException",
        `The event data store ARN is not valid: ${arnOrId.slice(0, 256)}`,
      );
}

/** For operations that do not. */
export function eventDataStoresUnsupported(): AwsError {
  return new AwsError("UnsupportedOperationException", "OpenTrail does not have event data stores yet.");
}
