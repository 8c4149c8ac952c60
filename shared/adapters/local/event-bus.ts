import { randomUUID } from "node:crypto";
import type { JsonObject } from "../../event/json.ts";
import type { EntryFailure, EventBus, EventEntry } from "../../ports/event-bus.ts";
import type { MessageQueue } from "../../ports/message-queue.ts";
import { busEvent } from "../../rule/bus-event.ts";
import type { Rule } from "../../rule/rule.ts";
import { rulesForEvent } from "../../rule/rules-for-event.ts";

/** An event that is to be handed to a rule's target: what the queue of rule targets holds, as JSON. */
export interface RuleInvocation {
  readonly rule: string;
  readonly event: JsonObject;
}

/**
 * The event bus of this process: matches events against its rules, and puts an invocation for each match into a
 * durable queue before it answers.
 */
export class LocalEventBus implements EventBus {
  readonly #matching: (event: JsonObject) => readonly Rule[];
  readonly #targets: MessageQueue;

  /** @throws InvalidEventPattern */
  constructor(rules: readonly Rule[], targets: MessageQueue) {
    this.#matching = rulesForEvent(rules);
    this.#targets = targets;
  }

  async putEvents(entries: readonly EventEntry[]): Promise<readonly (EntryFailure | undefined)[]> {
    const invocations = entries.flatMap((entry) => {
      const event = JSON.parse(busEvent(entry, randomUUID())) as JsonObject;
      return this.#matching(event).map(({ name }): RuleInvocation => ({ rule: name, event }));
    });
    if (invocations.length > 0) {
      await this.#targets.send(invocations.map((invocation) => Buffer.from(JSON.stringify(invocation))));
    }
    return entries.map(() => undefined);
  }
}
