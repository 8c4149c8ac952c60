import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../event/json.ts";
import type { EntryFailure, EventBus, EventEntry } from "../../ports/event-bus.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import type { RuleScope, RuleStore } from "../../ports/rule-store.ts";
import { effectiveRules } from "../../rule/built-in-rules.ts";
import { busEvent } from "../../rule/bus-event.ts";
import type { Rule, RuleTarget } from "../../rule/rule.ts";
import { rulesForEvent } from "../../rule/rules-for-event.ts";
import { targetKind } from "../../rule/target-kind.ts";

/** An event that is to be handed to a rule's target: what the queue of rule targets holds, as JSON. */
export interface RuleInvocation extends RuleScope {
  readonly rule: string;
  readonly target: RuleTarget;
  readonly event: JsonObject;
}

/** The queues that invocations wait in: webhooks have their own, so that one that does not answer holds up no remediation. */
export interface InvocationQueues {
  readonly ruleTargets: MessageQueue;
  readonly webhooks: MessageQueue;
}

type Matcher = (event: JsonObject) => readonly Rule[];

/**
 * The default event buses of this process, one an account and region: matches events against the rules as they are at that
 * moment, and puts an invocation for each target of those that match into a durable queue before it answers.
 */
export class LocalEventBus implements EventBus {
  readonly #rules: RuleStore;
  readonly #queues: InvocationQueues;
  #matchers = new Map<string, Matcher>();
  #version = -1;

  constructor(rules: RuleStore, queues: InvocationQueues) {
    this.#rules = rules;
    this.#queues = queues;
  }

  /** @param ids the events' ids, in the entries' order. Default: new ones */
  async putEvents(
    entries: readonly EventEntry[],
    ids: readonly string[] = entries.map(() => randomUUID()),
  ): Promise<readonly (EntryFailure | undefined)[]> {
    const invocations: RuleInvocation[] = [];
    for (const [index, entry] of entries.entries()) {
      const { accountId, region } = entry;
      const event = JSON.parse(busEvent(entry, ids[index] ?? randomUUID())) as JsonObject;
      for (const { name, targets } of (await this.#matcher({ accountId, region }))(event)) {
        invocations.push(...targets.map((target) => ({ accountId, region, rule: name, target, event })));
      }
    }
    const isWebhook = ({ target }: RuleInvocation): boolean => targetKind(target.arn)?.kind === "webhook";
    await send(this.#queues.webhooks, invocations.filter(isWebhook));
    await send(
      this.#queues.ruleTargets,
      invocations.filter((invocation) => !isWebhook(invocation)),
    );
    return entries.map(() => undefined);
  }

  /** Compiled once a change of the rules. */
  async #matcher(scope: RuleScope): Promise<Matcher> {
    const { version } = this.#rules;
    if (version !== this.#version) {
      this.#matchers = new Map();
      this.#version = version;
    }
    const key = `${scope.accountId}/${scope.region}`;
    const known = this.#matchers.get(key);
    if (known !== undefined) {
      return known;
    }
    const matcher = rulesForEvent(effectiveRules(scope, await this.#rules.list(scope)));
    if (version === this.#version) {
      this.#matchers.set(key, matcher);
    }
    return matcher;
  }
}

async function send(queue: MessageQueue, invocations: readonly RuleInvocation[]): Promise<void> {
  if (invocations.length > 0) {
    await queue.send(invocations.map((invocation) => Buffer.from(JSON.stringify(invocation))));
  }
}
