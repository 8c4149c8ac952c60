import { AwsError } from "../../error/aws-error.ts";
import { lookupEvent } from "../../history/lookup-event.ts";
import { pageToken, readPageToken } from "../../history/page-token.ts";
import type { HistoryQuery } from "../../history/query.ts";
import type { Caller } from "../http.ts";
import { defineOperation } from "../operation.ts";
import type { OperationInputs } from "../service-types.ts";

const DEFAULT_RESULTS = 50;

/** Insights events can be looked up by these alone. */
const INSIGHT_ATTRIBUTES = ["EventId", "EventName", "EventSource"];

/**
 * Events of the caller's account and region, newest first. A token is good for the call that it was answered to,
 * whatever the next one's MaxResults.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
export const lookupEvents = defineOperation("LookupEvents", "read", async (input, { history, caller }) => {
  const query = queryOf(input);
  if (history === undefined) {
    throw new AwsError("UnsupportedOperationException", "This host of OpenTrail keeps no event history.");
  }
  const secret = await history.tokenSecret();
  const bound = boundTo(input, caller);
  const after = input.NextToken === undefined ? undefined : readPageToken(secret, bound, input.NextToken);
  if (input.NextToken !== undefined && after === undefined) {
    throw new AwsError(
      "InvalidNextTokenException",
      "The token is not valid, or it was answered to a call with other parameters.",
    );
  }
  const category = input.EventCategory ?? "management";
  const { events, next } = await history.find(
    [{ accountId: caller.accountId, region: caller.region, category }],
    query,
    { limit: input.MaxResults ?? DEFAULT_RESULTS, ...(after && { after }) },
  );
  return {
    output: {
      Events: events.map(lookupEvent),
      ...(next && { NextToken: pageToken(secret, bound, next) }),
    },
  };
});

type Input = OperationInputs["LookupEvents"];

/** @throws AwsError InvalidLookupAttributesException, InvalidTimeRangeException */
function queryOf({ LookupAttributes = [], StartTime, EndTime, EventCategory }: Input): HistoryQuery {
  if (LookupAttributes.length > 1) {
    throw new AwsError("InvalidLookupAttributesException", "You can specify only one lookup attribute.");
  }
  const attribute = LookupAttributes[0]?.AttributeKey;
  if (EventCategory === "insight" && attribute !== undefined && !INSIGHT_ATTRIBUTES.includes(attribute)) {
    throw new AwsError(
      "InvalidLookupAttributesException",
      `Insights events cannot be looked up by ${attribute}: use one of ${INSIGHT_ATTRIBUTES.join(", ")}.`,
    );
  }
  if (StartTime !== undefined && EndTime !== undefined && StartTime > EndTime) {
    throw new AwsError("InvalidTimeRangeException", "The start time must not be after the end time.");
  }
  return {
    conditions: LookupAttributes.map(({ AttributeKey, AttributeValue }) => ({
      attribute: AttributeKey,
      values: [AttributeValue],
    })),
    ...(StartTime !== undefined && { startTime: StartTime * 1000 }),
    ...(EndTime !== undefined && { endTime: EndTime * 1000 }),
  };
}

/** What a token is bound to. */
function boundTo({ LookupAttributes, StartTime, EndTime, EventCategory }: Input, caller: Caller): string {
  const [first] = LookupAttributes ?? [];
  return JSON.stringify([
    "LookupEvents",
    caller.accountId,
    caller.region,
    first?.AttributeKey,
    first?.AttributeValue,
    StartTime,
    EndTime,
    EventCategory,
  ]);
}
