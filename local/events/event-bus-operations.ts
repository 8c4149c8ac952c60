import { checkBus, DEFAULT_BUS, type EventsOperation, eventsArn } from "./call.ts";

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeEventBus.html */
export const describeEventBus: EventsOperation<"DescribeEventBus"> = async ({ input, caller }) => {
  checkBus(caller, input.Name);
  return { Name: DEFAULT_BUS, Arn: eventsArn(caller, `event-bus/${DEFAULT_BUS}`) };
};

/** @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListEventBuses.html */
export const listEventBuses: EventsOperation<"ListEventBuses"> = async ({ input, caller }) => ({
  EventBuses: DEFAULT_BUS.startsWith(input.NamePrefix ?? "")
    ? [{ Name: DEFAULT_BUS, Arn: eventsArn(caller, `event-bus/${DEFAULT_BUS}`) }]
    : [],
});
