import { toAwsError } from "../../shared/api/errors.ts";
import type { Caller, Service } from "../../shared/api/http.ts";
import { AwsError } from "../../shared/error/aws-error.ts";
import { InvalidEvent } from "../../shared/pattern/event-fields.ts";
import { InvalidEventPattern } from "../../shared/pattern/invalid-event-pattern.ts";
import { testEventPattern } from "../../shared/pattern/test-event-pattern.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { RuleStore } from "../../shared/ports/rule-store.ts";
import { type JsonApi, makeJsonApi } from "../json-api.ts";
import { type EventsOperation, invalid, type PublishingBus } from "./call.ts";
import { describeEventBus, listEventBuses } from "./event-bus-operations.ts";
import { EVENTS_MODEL, EVENTS_TARGET_PREFIX, type EventsInputs } from "./model.ts";
import { putEvents } from "./put-events.ts";
import { deleteRule, describeRule, disableRule, enableRule, listRules, putRule } from "./rule-operations.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag-operations.ts";
import { listTargetsByRule, putTargets, removeTargets } from "./target-operations.ts";

/** What the EventBridge API works on. */
export interface EventsApiParts {
  readonly rules: RuleStore;
  readonly bus: PublishingBus;
  readonly clock: Clock;
  /** Told of what callers are not: the cause of an InternalFailure. */
  readonly reportFailure: (error: unknown) => void;
}

const OPERATIONS: { readonly [Name in keyof EventsInputs]: EventsOperation<Name> } = {
  PutRule: putRule,
  DescribeRule: describeRule,
  ListRules: listRules,
  EnableRule: enableRule,
  DisableRule: disableRule,
  DeleteRule: deleteRule,
  PutTargets: putTargets,
  RemoveTargets: removeTargets,
  ListTargetsByRule: listTargetsByRule,
  TestEventPattern: async ({ input }) => ({ Result: testEventPattern(input.EventPattern, input.Event) }),
  PutEvents: putEvents,
  DescribeEventBus: describeEventBus,
  ListEventBuses: listEventBuses,
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
};

/** PutEvents takes 256 KB of texts; as JSON that is more, six times as much at worst. */
const LONGEST_BODY = 2 * 1024 * 1024;

/**
 * The small part of the EventBridge API that the embedded host has, version 2015-10-07, over AWS JSON 1.1: rules and targets
 * on the default bus of each account and region.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Operations.html
 */
export function makeEventsApi({ reportFailure, ...parts }: EventsApiParts): Service {
  return makeJsonApi<EventsInputs>({
    service: "EventBridge",
    targetPrefix: EVENTS_TARGET_PREFIX,
    model: EVENTS_MODEL,
    operations: boundOperations(parts),
    longestBody: LONGEST_BODY,
    invalid,
    answerable,
    reportFailure,
  });
}

function boundOperations(parts: Omit<EventsApiParts, "reportFailure">): JsonApi<EventsInputs>["operations"] {
  const bound = Object.entries(OPERATIONS).map(([name, operation]) => [
    name,
    (input: never, caller: Caller) => operation({ ...parts, input, caller }),
  ]);
  return Object.fromEntries(bound);
}

function answerable(thrown: unknown): AwsError {
  if (thrown instanceof InvalidEventPattern) {
    return new AwsError("InvalidEventPatternException", thrown.message);
  }
  return thrown instanceof InvalidEvent ? invalid(thrown.message) : toAwsError(thrown);
}
