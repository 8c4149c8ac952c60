import { readFileSync } from "node:fs";
import path from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { RuleTargets } from "../../local/rule-targets.ts";
import { RuleCounters } from "../../local/stage-counters.ts";
import type { RuleInvocation } from "../../shared/adapters/local/event-bus.ts";
import { MemoryLogGroups } from "../../shared/adapters/memory/log-groups.ts";
import type { RuleTarget } from "../../shared/rule/rule.ts";
import { startWebhook, type Webhook } from "../support/webhook.ts";

vi.stubEnv("POWERTOOLS_METRICS_DISABLED", "true");
vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");

const RULE = "restart-stopped-trail";

function message(id: string, content: unknown) {
  return { id, body: Buffer.from(typeof content === "string" ? content : JSON.stringify(content)) };
}

/** The sample event, as a call that did not take effect: nothing is restarted for it. */
const sample = JSON.parse(
  readFileSync(path.join(import.meta.dirname, "../../events/4-remediate/stop-logging.json"), "utf8"),
);
const FAILED_CALL = { ...sample, detail: { ...sample.detail, errorCode: "AccessDenied" } };

const ACCOUNT = "111122223333";
const REMEDIATION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${RULE}`;

function invocation(rule: string, arn: string, event: unknown, target: Partial<RuleTarget> = {}) {
  return {
    accountId: ACCOUNT,
    region: "us-east-1",
    rule,
    target: { id: "one", arn, ...target },
    event: event as RuleInvocation["event"],
  };
}

function makeTargets() {
  const counters = new RuleCounters();
  const logGroups = new MemoryLogGroups();
  const published: (readonly string[])[] = [];
  const topics = {
    publishForRule: async (...publication: readonly string[]) => void published.push(publication),
  };
  return { counters, logGroups, published, targets: new RuleTargets({ counters, logGroups, topics }) };
}

test("a remediation that is gone and a body that is broken fail by themselves, and the counts balance", async () => {
  const { counters, targets } = makeTargets();

  const { failed, counts } = await targets.invoke([
    message("gone", invocation("mine", REMEDIATION.replace(RULE, "no-such-remediation"), {})),
    message("broken", "{"),
    message("good", invocation(RULE, REMEDIATION, FAILED_CALL)),
  ]);

  expect([...failed.keys()].sort()).toEqual(["broken", "gone"]);
  expect(failed.get("gone")?.message).toContain("no-such-remediation");
  expect(counts).toEqual({ received: 3, delivered: 1, skipped: {}, failed: 2 });
  expect(counters.of(ACCOUNT, RULE)).toEqual({ invocations: 1, failures: 0 });
  expect(counters.of("444455556666", RULE)).toEqual({ invocations: 0, failures: 0 });
});

test("a handler that throws has its event come again, and is counted", async () => {
  const { counters, targets } = makeTargets();

  const { failed } = await targets.invoke([message("bad", invocation(RULE, REMEDIATION, "no event"))]);

  expect([...failed.keys()]).toEqual(["bad"]);
  expect(counters.of(ACCOUNT, RULE)).toEqual({ invocations: 1, failures: 1 });
});

describe("a webhook", () => {
  const event = { id: "0f1e", detail: { eventName: "StopLogging", resources: [{ ARN: "one" }] } };
  let webhook: Webhook | undefined;

  afterEach(async () => {
    await webhook?.close();
  });

  test.each([
    ["the event", {}, event],
    ["the part that its input path names", { inputPath: "$.detail.resources[0].ARN" }, "one"],
    ["null where the input path leads nowhere", { inputPath: "$.detail.errorCode" }, null],
    [
      "what its transformer makes",
      {
        inputTransformer: {
          paths: { name: "$.detail.eventName" },
          template: '{"text": "<name> was called"}',
        },
      },
      { text: "StopLogging was called" },
    ],
    ["its constant input", { input: '{"text": "stopped"}' }, { text: "stopped" }],
  ])("gets %s as JSON", async (_what, target, expected) => {
    webhook = await startWebhook();

    const { failed } = await makeTargets().targets.invoke([
      message("one", invocation("mine", `${webhook.url}hook?x=1`, event, target)),
    ]);

    expect(failed.size).toBe(0);
    expect(webhook.requests).toEqual([
      { method: "POST", path: "/hook?x=1", contentType: "application/json", body: expected },
    ]);
  });

  test.each([500, 404, 302])("that answers %d has its event come again", async (status) => {
    webhook = await startWebhook(status);
    const { counters, targets } = makeTargets();

    const { failed } = await targets.invoke([message("one", invocation("mine", webhook.url, event))]);

    expect(failed.get("one")?.message).toContain(`answered ${status}`);
    expect(webhook.requests).toHaveLength(1);
    expect(counters.of(ACCOUNT, "mine")).toEqual({ invocations: 1, failures: 1 });
  });
});

test("a topic gets the event in the name of the rule, and a text without quotes", async () => {
  const topic = `arn:aws:sns:us-east-1:${ACCOUNT}:alarms`;
  const rule = `arn:aws:events:us-east-1:${ACCOUNT}:rule/mine`;
  const event = { detail: { eventName: "StopLogging" } };
  const { published, targets } = makeTargets();

  await targets.invoke([
    message("one", invocation("mine", topic, event)),
    message("two", invocation("mine", topic, event, { inputPath: "$.detail.eventName" })),
  ]);

  expect(published).toEqual([
    [topic, rule, JSON.stringify(event)],
    [topic, rule, "StopLogging"],
  ]);
});

describe("a log group", () => {
  const GROUP = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/rules`;
  const event = { time: "2026-01-02T03:04:05Z", detail: { eventName: "StopLogging" } };

  test("gets the event in a stream of the rule's name, at the event's time", async () => {
    const { logGroups, targets } = makeTargets();
    logGroups.createGroup(GROUP);

    await targets.invoke([message("one", invocation("mine", `${GROUP}:*`, event))]);

    expect(logGroups.events(GROUP, "mine")).toEqual([
      { timestamp: Date.parse(event.time), message: JSON.stringify(event) },
    ]);
  });

  test("that is gone has its event come again", async () => {
    const { failed } = await makeTargets().targets.invoke([message("one", invocation("mine", GROUP, event))]);

    expect(failed.get("one")?.name).toBe("LogGroupNotFound");
  });
});
