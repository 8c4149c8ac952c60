import { expect, test } from "vitest";
import { MemoryRuleControl } from "../../../shared/adapters/memory/rule-control.ts";
import { applyChanges } from "../../../shared/rule-set/apply-changes.ts";
import { makePlan, makeRemovalPlan } from "../../../shared/rule-set/make-plan.ts";
import type { SetRule } from "../../../shared/rule-set/set-rule.ts";

const rule = (name: string): SetRule => ({
  name,
  state: "ENABLED",
  eventPattern: '{"source":["aws.iam"]}',
  eventBusName: "default",
  tags: {},
  targets: [{ id: "t", arn: "https://example.com/" }],
  file: "rules.yml",
});
const REQUEST = { set: "s", prune: false, adopt: false };

/** Takes no target of one rule, by its answer; and does not make another rule. */
class FailingControl extends MemoryRuleControl {
  override async putTargets(...[location, targets]: Parameters<MemoryRuleControl["putTargets"]>) {
    if (location.name === "half") {
      return [{ id: "t", errorCode: "ConcurrentModificationException", errorMessage: "Again, please" }];
    }
    return super.putTargets(location, targets);
  }

  override async putRule(wanted: SetRule) {
    if (wanted.name === "no") throw new RangeError("Too many rules");
    return super.putRule(wanted);
  }
}

test("a rule that fails holds up no other, and what was not done stands in the next plan", async () => {
  const control = new FailingControl();
  const wanted = ["half", "no", "good"].map(rule);

  const { changes } = await makePlan(control, wanted, REQUEST);
  const outcomes = await applyChanges(control, changes);
  const next = await makePlan(control, wanted, REQUEST);

  expect(outcomes.map(({ change, failure }) => [change.name, failure])).toEqual([
    ["half", "target t: ConcurrentModificationException: Again, please"],
    ["no", "put-rule: RangeError: Too many rules"],
    ["good", undefined],
  ]);
  expect(next.changes.map(({ name, action }) => [name, action])).toEqual([
    ["half", "update"],
    ["no", "create"],
    ["good", "unchanged"],
  ]);
});

test("rules of a bus that is not there are refused before anything is changed", async () => {
  const control = new MemoryRuleControl();
  const wanted = [rule("good"), { ...rule("lost"), eventBusName: "shop" }];

  await expect(makePlan(control, wanted, REQUEST)).rejects.toThrow(
    "rules.yml: rule lost: eventBusName: there is no event bus shop",
  );
});

test("a set is removed with its targets, and nothing else is", async () => {
  const control = new MemoryRuleControl();
  const { changes } = await makePlan(control, [rule("a"), rule("b")], REQUEST);
  await applyChanges(control, changes);
  const others = await makePlan(control, [rule("c")], { ...REQUEST, set: "other" });
  await applyChanges(control, others.changes);

  const removal = await makeRemovalPlan(control, "s", []);
  const outcomes = await applyChanges(control, removal.changes);

  expect(outcomes.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  expect((await control.listRules("default")).map(({ name }) => name)).toEqual(["c"]);
});
