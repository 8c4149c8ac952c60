import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test, vi } from "vitest";
import { RuleTargets } from "../../local/rule-targets.ts";
import { RuleCounters } from "../../local/stage-counters.ts";

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

test("a rule that is gone and a body that is broken fail by themselves, and the counts balance", async () => {
  const counters = new RuleCounters();
  const targets = new RuleTargets(counters);

  const { failed, counts } = await targets.invoke([
    message("gone", { rule: "no-such-rule", event: {} }),
    message("broken", "{"),
    message("good", { rule: RULE, event: FAILED_CALL }),
  ]);

  expect([...failed.keys()]).toEqual(["gone", "broken"]);
  expect(failed.get("gone")?.message).toContain("no-such-rule");
  expect(counts).toEqual({ received: 3, delivered: 1, skipped: {}, failed: 2 });
  expect(counters.of(RULE)).toEqual({ invocations: 1, failures: 0 });
});

test("a handler that throws has its event come again, and is counted", async () => {
  const counters = new RuleCounters();
  const targets = new RuleTargets(counters);

  const { failed } = await targets.invoke([message("bad", { rule: RULE, event: "no event" })]);

  expect([...failed.keys()]).toEqual(["bad"]);
  expect(counters.of(RULE)).toEqual({ invocations: 1, failures: 1 });
});
