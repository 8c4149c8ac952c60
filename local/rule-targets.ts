import type { RuleInvocation } from "../shared/adapters/local/event-bus.ts";
import { awsPartition } from "../shared/arn/partition.ts";
import { asError, type BatchReport, type DeliveryMessage } from "../shared/delivery/batch.ts";
import type { JsonValue } from "../shared/event/json.ts";
import type { LogGroups } from "../shared/ports/log-groups.ts";
import type { TopicStore } from "../shared/ports/topic-store.ts";
import { REMEDIATIONS } from "../shared/remediation/catalog.ts";
import { targetInput } from "../shared/rule/target-input.ts";
import { targetKind } from "../shared/rule/target-kind.ts";
import type { RuleCounters } from "./stage-counters.ts";
import { postToWebhook } from "./webhook.ts";

type Handler = (event: unknown) => Promise<unknown>;

/** What targets are invoked with. */
export interface RuleTargetParts {
  readonly counters: RuleCounters;
  readonly logGroups: LogGroups;
  readonly topics: Pick<TopicStore, "publishForRule">;
  /** Told of each invocation when it starts. */
  readonly onInvocation?: (invocation: RuleInvocation) => void;
}

/** Invokes what rules have as their targets: the Lambda handlers of remediations in this process, log groups, topics, webhooks. */
export class RuleTargets {
  readonly #parts: RuleTargetParts;
  readonly #handlers: ReadonlyMap<string, () => Promise<Handler>>;

  constructor(parts: RuleTargetParts) {
    this.#parts = parts;
    this.#handlers = new Map(REMEDIATIONS.map(({ name, loadHandler }) => [name, loadHandler]));
  }

  /** Loads the handlers, so that the first event need not wait for their SDK clients. */
  async load(): Promise<void> {
    await Promise.all([...this.#handlers.values()].map((load) => load()));
  }

  /**
   * Invokes the target of each message, all at once: a slow one holds up no other of the batch. A message whose target fails
   * comes again.
   */
  async invoke(messages: readonly DeliveryMessage[]): Promise<BatchReport> {
    const failed = new Map<string, Error>();
    await Promise.all(
      messages.map(async ({ id, body }) => {
        try {
          await this.#invoke(JSON.parse(body.toString("utf8")) as RuleInvocation);
        } catch (error) {
          failed.set(id, asError(error));
        }
      }),
    );
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
    const { rule, accountId } = invocation;
    try {
      await this.#hand(invocation);
    } catch (error) {
      this.#parts.counters.add(accountId, rule, true);
      throw error;
    }
    this.#parts.counters.add(accountId, rule, false);
  }

  async #hand(invocation: RuleInvocation): Promise<void> {
    const { rule, target, event, accountId, region } = invocation;
    const input = targetInput(target, event, rule);
    const to = targetKind(target.arn);
    if (to?.kind === "webhook") {
      this.#parts.onInvocation?.(invocation);
      await postToWebhook(to.url, JSON.stringify(input));
    } else if (to?.kind === "log-group") {
      this.#parts.onInvocation?.(invocation);
      const message = textOf(input);
      await this.#parts.logGroups.putLogEvents(to.arn, rule, [{ timestamp: timeOf(event.time), message }]);
    } else if (to?.kind === "topic") {
      this.#parts.onInvocation?.(invocation);
      const ruleArn = `arn:${awsPartition(region)}:events:${region}:${accountId}:rule/${rule}`;
      await this.#parts.topics.publishForRule(to.arn, ruleArn, textOf(input));
    } else {
      const handler = await this.#handler(to?.name ?? target.arn);
      this.#parts.onInvocation?.(invocation);
      await handler(input);
    }
  }

  async #handler(name: string): Promise<Handler> {
    const load = this.#handlers.get(name);
    if (load === undefined) {
      throw new Error(`There is no remediation ${name} any more`);
    }
    return load();
  }
}

/** Log events and messages are texts: an input path that leads to one needs no quotes around it. */
function textOf(input: unknown): string {
  return typeof input === "string" ? input : JSON.stringify(input);
}

/** Milliseconds since the epoch: when the event happened. */
function timeOf(time: JsonValue | undefined): number {
  const milliseconds = typeof time === "string" ? Date.parse(time) : Number.NaN;
  return Number.isNaN(milliseconds) ? Date.now() : milliseconds;
}
