import { AwsError } from "../error/aws-error.ts";
import type { Channel } from "./channel.ts";

const EVENT_DATA_STORE_ARN =
  /^arn:aws[a-z-]*:cloudtrail:[a-z0-9-]+:\d{12}:eventdatastore\/[\da-zA-Z-]{1,64}$/;

/** As many as an account may have event data stores in a region. */
const MOST_DESTINATIONS = 10;

/**
 * Checks where a channel's events are to go: event data stores, each once. There are no event data stores yet, so
 * that they exist is not asked; the events go to the account's trails, history and event bus.
 * @throws AwsError OperationNotPermittedException, InvalidParameterException, EventDataStoreARNInvalidException
 */
export function requireDestinations(destinations: Channel["destinations"]): void {
  for (const { Type, Location } of destinations) {
    if (Type === "AWS_SERVICE") {
      throw new AwsError(
        "OperationNotPermittedException",
        "Channels of AWS services are made by the services: the type must be EVENT_DATA_STORE.",
      );
    }
    if (!EVENT_DATA_STORE_ARN.test(Location)) {
      throw new AwsError(
        "EventDataStoreARNInvalidException",
        `The event data store ARN is not valid: ${Location}`,
      );
    }
  }
  if (new Set(destinations.map(({ Location }) => Location)).size < destinations.length) {
    throw new AwsError("InvalidParameterException", "A destination must not be given twice.");
  }
  if (destinations.length > MOST_DESTINATIONS) {
    throw new AwsError(
      "InvalidParameterException",
      `A channel can have ${MOST_DESTINATIONS} destinations at most.`,
    );
  }
}
