import type { Caller } from "../../shared/api/http.ts";
import { awsPartition } from "../../shared/arn/partition.ts";
import { AwsError } from "../../shared/error/aws-error.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import type { EntryFailure, EventEntry } from "../../shared/ports/event-bus.ts";
import type { RuleStore } from "../../shared/ports/rule-store.ts";
import { effectiveRules, isBuiltIn } from "../../shared/rule/built-in-rules.ts";
import type { Rule } from "../../shared/rule/rule.ts";
import type { EventsInputs } from "./model.ts";

/** The bus that PutEvents puts events on. */
export interface PublishingBus {
  /** @param ids the events' ids, in the entries' order */
  putEvents(
    entries: readonly EventEntry[],
    ids: readonly string[],
  ): Promise<readonly (EntryFailure | undefined)[]>;
}

/** What an operation does its work with. */
export interface EventsCall<Input> {
  readonly input: Input;
  readonly caller: Caller;
  readonly rules: RuleStore;
  readonly bus: PublishingBus;
  readonly clock: Clock;
}

/** Gives the operation's output, or throws an `AwsError` or `InvalidEventPattern`. */
export type EventsOperation<Name extends keyof EventsInputs> = (
  call: EventsCall<EventsInputs[Name]>,
) => Promise<object>;

/** A rule of EventBridge is broken. */
export function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

export const DEFAULT_BUS = "default";

/** The ARN of something of the caller's on EventBridge: `rule/<name>`, `event-bus/<name>`. */
export function eventsArn({ accountId, region }: Caller, resource: string): string {
  return `arn:${awsPartition(region)}:events:${region}:${accountId}:${resource}`;
}

/**
 * Checks that the default bus is meant: there is no other.
 * @throws ResourceNotFoundException
 */
export function checkBus(caller: Caller, name: string = DEFAULT_BUS): void {
  if (name !== DEFAULT_BUS && name !== eventsArn(caller, `event-bus/${DEFAULT_BUS}`)) {
    throw new AwsError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
  }
}

/** The caller's rules on the default bus, by name. */
export async function callersRules({ caller, rules }: EventsCall<unknown>): Promise<readonly Rule[]> {
  return effectiveRules(caller, await rules.list(caller));
}

/** @throws ResourceNotFoundException */
export async function findRule(call: EventsCall<unknown>, name: string): Promise<Rule> {
  return (await callersRules(call)).find((rule) => rule.name === name) ?? noSuchRule(name);
}

/**
 * Changes a rule, built-in or not, that is there.
 * @throws ResourceNotFoundException
 */
export async function changeRule(
  call: EventsCall<unknown>,
  name: string,
  change: (rule: Rule) => Rule,
): Promise<void> {
  const shown = await findRule(call, name);
  await call.rules.change(call.caller, name, (current) =>
    // A built-in rule is stored once it is changed; another one that has gone meanwhile stays gone.
    change(current ?? (isBuiltIn(name) ? shown : noSuchRule(name))),
  );
}

export function noSuchRule(name: string): never {
  throw new AwsError("ResourceNotFoundException", `Rule ${name} does not exist on EventBus ${DEFAULT_BUS}.`);
}
