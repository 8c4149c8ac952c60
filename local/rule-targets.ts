import type { RuleInvocation } from "../shared/adapters/local/event-bus.ts";
import { asError, type BatchReport, type DeliveryMessage } from "../shared/delivery/batch.ts";
import { REMEDIATIONS } from "../shared/remediation/catalog.ts";
import type { Rule } from "../shared/rule/rule.ts";
import type { RuleCounters } from "./stage-counters.ts";

/** The rules that start remediations. */
export const REMEDIATION_RULES: readonly Rule[] = REMEDIATIONS.map(({ name, description, eventPattern }) => ({
  name,
  description,
  state: "ENABLED",
  eventPattern: JSON.stringify(eventPattern),
}));

type Handler = (event: unknown) => Promise<unknown>;

/** Invokes the Lambda handlers that rules have as their targets, in this process. */
export class RuleTargets {
  readonly #counters: RuleCounters;
  readonly #onInvocation: (invocation: RuleInvocation) => void;
  readonly #handlers: ReadonlyMap<string, () => Promise<Handler>>;

  /** @param onInvocation told of each invocation when it starts */
  constructor(counters: RuleCounters, onInvocation: (invocation: RuleInvocation) => void = () => undefined) {
    this.#counters = counters;
    this.#onInvocation = onInvocation;
    this.#handlers = new Map(REMEDIATIONS.map(({ name, loadHandler }) => [name, loadHandler]));
  }

  /** Loads the handlers, so that the first event need not wait for their SDK clients. */
  async load(): Promise<void> {
    await Promise.all([...this.#handlers.values()].map((load) => load()));
  }

  /** Invokes the target of each message's rule. A handler that throws has its message come again. */
  async invoke(messages: readonly DeliveryMessage[]): Promise<BatchReport> {
    const failed = new Map<string, Error>();
    for (const { id, body } of messages) {
      try {
        await this.#invoke(JSON.parse(body.toString("utf8")) as RuleInvocation);
      } catch (error) {
        failed.set(id, asError(error));
      }
    }
    return {
      failed,
      counts: {
        received: messages.length,
        delivered: messages.length - failed.size,
        skipped: {},
        failed: failed.size,
      },
    };
  }

  async #invoke(invocation: RuleInvocation): Promise<void> {
    const { rule, event } = invocation;
    const load = this.#handlers.get(rule);
    if (load === undefined) {
      throw new Error(`There is no remediation ${rule} any more`);
    }
    const handler = await load();
    this.#onInvocation(invocation);
    try {
      await handler(event);
    } catch (error) {
      this.#counters.add(rule, true);
      throw error;
    }
    this.#counters.add(rule, false);
  }
}
