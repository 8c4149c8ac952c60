import { LocalEventBus, type RuleInvocation } from "../../shared/adapters/local/event-bus.ts";
import { LocalMessageQueue } from "../../shared/adapters/local/message-queue.ts";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { MemoryEventBus } from "../../shared/adapters/memory/event-bus.ts";
import { MemoryRuleStore } from "../../shared/adapters/memory/rule-store.ts";
import { localDatabase } from "../support/local-database.ts";
import { describeEventBusContract } from "./event-bus.suite.ts";

const RULE = {
  name: "everything",
  description: "Every event of OpenTrail",
  state: "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
  eventPattern: JSON.stringify({ source: [{ prefix: "opentrail." }] }),
  targets: [{ id: "one", arn: "https://example.com/" }],
} as const;

describeEventBusContract("memory", async () => {
  const bus = new MemoryEventBus();
  return {
    bus,
    received: async () =>
      bus.entries.map(({ source, detailType, detail }) => ({
        source,
        detailType,
        detail: JSON.parse(detail),
      })),
    close: async () => {},
  };
});

describeEventBusContract("local", async () => {
  const { database, remove } = localDatabase();
  const clock = new MemoryClock(Date.UTC(2026, 0, 1));
  const queueNamed = (name: string) => new LocalMessageQueue(database, clock, { name, maxReceives: 5 });
  const webhooks = queueNamed("webhooks");
  const rules = new MemoryRuleStore();
  await rules.change({ accountId: "123456789012", region: "us-east-1" }, RULE.name, () => RULE);
  return {
    bus: new LocalEventBus(rules, { ruleTargets: queueNamed("rule-targets"), webhooks }),
    received: async (count) => {
      const messages = await webhooks.receive({ messages: count + 1, bytes: 1_000_000 }, 60_000);
      return messages
        .map(({ body }) => JSON.parse(body.toString()) as RuleInvocation)
        .map(({ event }) => ({
          source: String(event.source),
          detailType: String(event["detail-type"]),
          detail: event.detail,
        }));
    },
    close: async () => remove(),
  };
});
