import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { eventBridgeRuleControl } from "../../shared/adapters/aws/rule-control.ts";
import { applyChanges } from "../../shared/rule-set/apply-changes.ts";
import { makePlan, makeRemovalPlan } from "../../shared/rule-set/make-plan.ts";
import type { SetRule } from "../../shared/rule-set/set-rule.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeRuleControlContract } from "./rule-control.suite.ts";

describeWithMoto("EventBridge in moto", (config) => {
  describeRuleControlContract("aws", async () => {
    await fetch(`${config().endpoint}/moto-api/reset`, { method: "POST" });
    return eventBridgeRuleControl(new EventBridgeClient(config()));
  });

  test("rules of another bus are made, changed with their tags, and removed there alone", async () => {
    const client = new EventBridgeClient(config());
    await client.send(new CreateEventBusCommand({ Name: "shop" }));
    const control = eventBridgeRuleControl(client);
    const request = { set: "s", prune: false, adopt: false };
    const rule = (eventBusName: string, team: string): SetRule => ({
      // Not the same on both: moto finds the rule that tags belong to by its name alone.
      name: `on-${eventBusName}`,
      state: "ENABLED",
      eventPattern: '{"source":["shop"]}',
      eventBusName,
      tags: { team },
      targets: [{ id: "q", arn: "arn:aws:sqs:us-east-1:123456789012:q" }],
      file: "rules.yml",
    });
    const apply = async (...wanted: readonly SetRule[]) => {
      const { changes } = await makePlan(control, wanted, request);
      const outcomes = await applyChanges(control, changes);
      return outcomes.map(({ change, failure }) => [change.action, change.eventBusName, failure]);
    };

    const made = await apply(rule("default", "a"), rule("shop", "a"));
    const changed = await apply(rule("default", "a"), rule("shop", "b"));
    const unchanged = await apply(rule("default", "a"), rule("shop", "b"));
    const { changes } = await makeRemovalPlan(control, "s", []);
    await applyChanges(
      control,
      changes.filter(({ eventBusName }) => eventBusName === "shop"),
    );

    expect(made).toEqual([
      ["create", "default", undefined],
      ["create", "shop", undefined],
    ]);
    expect(changed).toEqual([["update", "shop", undefined]]);
    expect(unchanged).toEqual([]);
    expect(await control.listRules("shop")).toEqual([]);
    expect((await control.listRules("default")).map(({ name }) => name)).toContain("on-default");
  });
});
