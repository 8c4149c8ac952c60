import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryRuleControl } from "../../../shared/adapters/memory/rule-control.ts";
import { applyChanges } from "../../../shared/rule-set/apply-changes.ts";
import { makePlan } from "../../../shared/rule-set/make-plan.ts";
import { SET_TAG } from "../../../shared/rule-set/ownership.ts";
import { planRemoval } from "../../../shared/rule-set/plan-removal.ts";
import { planRules } from "../../../shared/rule-set/plan-rules.ts";
import { readBusRules } from "../../../shared/rule-set/read-bus-rules.ts";
import { countActions } from "../../../shared/rule-set/rule-change.ts";
import type { BusRule, BusTarget, SetRule } from "../../../shared/rule-set/set-rule.ts";

const TARGET: BusTarget = { id: "t", arn: "arn:aws:sqs:us-east-1:111122223333:q" };
const WANTED: SetRule = {
  name: "r",
  state: "ENABLED",
  eventPattern: '{"source":["aws.iam"]}',
  eventBusName: "default",
  tags: { team: "security" },
  targets: [TARGET],
  file: "rules.yml",
};
const FOUND: BusRule = {
  name: "r",
  arn: "arn:aws:events:us-east-1:111122223333:rule/r",
  eventBusName: "default",
  state: "ENABLED",
  eventPattern: '{"source":["aws.iam"]}',
  tags: { team: "security", [SET_TAG]: "s" },
  targets: [TARGET],
};
const REQUEST = { set: "s", wanted: [WANTED], found: [FOUND], prune: false, adopt: false };

/** The plan of one rule of the file. */
function planOf(wanted: Partial<SetRule>, found: Partial<BusRule> = {}, adopt = false) {
  const [change] = planRules({
    ...REQUEST,
    wanted: [{ ...WANTED, ...wanted }],
    found: [{ ...FOUND, ...found }],
    adopt,
  });
  return change;
}

describe("a rule that is as its file has it", () => {
  test("stays as it is", () => {
    expect(planOf({})).toMatchObject({ action: "unchanged", fields: [], steps: [] });
  });

  test.each<[string, Partial<SetRule>, Partial<BusRule>]>([
    ["its pattern is written otherwise", { eventPattern: '{ "source" : [ "aws.iam" ] }' }, {}],
    ["it has an empty description", {}, { description: "" }],
    ["AWS tagged it", {}, { tags: { ...FOUND.tags, "aws:cloudformation:stack-name": "x" } }],
    ["its target names the whole event", { targets: [{ ...TARGET, inputPath: "$" }] }, {}],
    [
      "its target's retries are the usual ones",
      { targets: [{ ...TARGET, retryPolicy: { maximumRetryAttempts: 185 } }] },
      { targets: [{ ...TARGET, retryPolicy: { maximumEventAgeInSeconds: 86_400 } }] },
    ],
    [
      "its target's input is written otherwise",
      { targets: [{ ...TARGET, input: '{"a":1,"b":2}' }] },
      { targets: [{ ...TARGET, input: '{"b": 2, "a": 1}' }] },
    ],
    [
      "its targets are in another order",
      { targets: [{ ...TARGET, id: "u" }, TARGET] },
      {
        targets: [TARGET, { ...TARGET, id: "u" }],
      },
    ],
  ])("also if %s", (_what, wanted, found) => {
    expect(planOf(wanted, found)).toMatchObject({ action: "unchanged", steps: [] });
  });
});

describe("a rule that is not as its file has it", () => {
  test.each<[string, Partial<SetRule>, Partial<BusRule>, object]>([
    ["its state", { state: "DISABLED" }, {}, { field: "state", from: "ENABLED", to: "DISABLED" }],
    ["its description", {}, { description: "old" }, { field: "description", from: "old" }],
    [
      "its pattern",
      { eventPattern: '{"source":["aws.s3"]}' },
      {},
      { field: "eventPattern", from: '{"source":["aws.iam"]}', to: '{"source":["aws.s3"]}' },
    ],
    [
      "its schedule",
      {},
      { scheduleExpression: "rate(1 hour)" },
      { field: "scheduleExpression", from: "rate(1 hour)" },
    ],
  ])("%s is put", (_what, wanted, found, field) => {
    const rule = { ...WANTED, ...wanted, tags: FOUND.tags };

    expect(planOf(wanted, found)).toMatchObject({
      action: "update",
      fields: [field],
      steps: [{ do: "put-rule", rule }],
    });
  });

  test("tags are set and taken away by themselves, since PutRule leaves them", () => {
    const change = planOf({ tags: { cost: "1" } });

    expect(change).toMatchObject({
      fields: [
        { field: "tags.team", from: "security" },
        { field: "tags.cost", to: "1" },
      ],
      steps: [
        { do: "tag-rule", arn: FOUND.arn, tags: { cost: "1" } },
        { do: "untag-rule", arn: FOUND.arn, keys: ["team"] },
      ],
    });
  });

  test("only targets that differ are put, before others go", () => {
    const other = { ...TARGET, id: "u" };
    const added = { ...TARGET, id: "v", inputPath: "$.detail" };

    const change = planOf({ targets: [TARGET, added] }, { targets: [TARGET, other] });

    expect(change).toMatchObject({
      fields: [
        { field: "targets.v.arn", to: TARGET.arn },
        { field: "targets.v.inputPath", to: "$.detail" },
        { field: "targets.u", from: TARGET.arn },
      ],
      steps: [
        { do: "put-targets", targets: [added] },
        { do: "remove-targets", ids: ["u"] },
      ],
    });
  });

  test("targets go first where the rule would have more than five meanwhile", () => {
    const targetsOf = (...ids: readonly string[]) => ids.map((id) => ({ ...TARGET, id }));

    const change = planOf(
      { targets: targetsOf("1", "2", "3", "6", "7") },
      { targets: targetsOf("1", "2", "3", "4", "5") },
    );

    expect(change?.steps).toMatchObject([
      { do: "remove-targets", ids: ["4", "5"] },
      { do: "put-targets", targets: targetsOf("6", "7") },
    ]);
  });

  test("a parameter that rules files do not have is taken away, and said to be", () => {
    const change = planOf({}, { targets: [{ ...TARGET, otherParameters: ["SqsParameters"] }] });

    expect(change).toMatchObject({
      fields: [{ field: "targets.t.otherParameters", from: "SqsParameters" }],
      steps: [{ do: "put-targets", targets: [TARGET] }],
    });
  });
});

describe("whose a rule is", () => {
  test.each([
    ["in no set", { team: "security" }, "there is a rule of that name in no set"],
    ["in another set", { [SET_TAG]: "other" }, "there is a rule of that name in the set other"],
  ])("one %s is refused, and adopted when asked to be", (_what, tags, reason) => {
    expect(planOf({}, { tags })).toMatchObject({ action: "refused", reason, steps: [] });
    const adopted = planOf({}, { tags: { ...FOUND.tags, ...tags, [SET_TAG]: "x" } }, true);
    expect(adopted).toMatchObject({
      action: "update",
      steps: [{ do: "tag-rule", tags: { [SET_TAG]: "s" } }],
    });
  });

  test("one that is managed is refused, adopted or not", () => {
    const reason = "the rule is managed by aws.partner, which alone may change it";

    expect(planOf({}, { managedBy: "aws.partner" })).toMatchObject({ action: "refused", reason });
    expect(planOf({}, { managedBy: "aws.partner" }, true)).toMatchObject({ action: "refused", reason });
  });

  test("one of the set that stands in no file is kept, or deleted with its targets first", () => {
    const request = { ...REQUEST, wanted: [] };

    expect(planRules(request)).toMatchObject([{ action: "kept", name: "r", steps: [] }]);
    expect(planRules({ ...request, prune: true })).toMatchObject([
      { action: "delete", steps: [{ do: "remove-targets", ids: ["t"] }, { do: "delete-rule" }] },
    ]);
  });

  test("others that stand in no file are not spoken of", () => {
    const tags = { [SET_TAG]: "other" };

    expect(planRules({ ...REQUEST, wanted: [], found: [{ ...FOUND, tags }], prune: true })).toEqual([]);
    expect(planRules({ ...REQUEST, wanted: [], found: [{ ...FOUND, tags: {} }], prune: true })).toEqual([]);
  });
});

describe("removal", () => {
  const foreign = { ...FOUND, name: "f", tags: {} };
  const found = [FOUND, { ...FOUND, name: "q", targets: [] }, foreign];

  test("all of a set", () => {
    const changes = planRemoval({ set: "s", found, names: [] });

    expect(changes.map(({ action, name }) => [action, name])).toEqual([
      ["delete", "r"],
      ["delete", "q"],
    ]);
    expect(changes[1]?.steps).toEqual([{ do: "delete-rule" }]);
  });

  test("what is named and not the set's is refused", () => {
    const changes = planRemoval({ set: "s", found, names: ["r", "f", "none", "r"] });

    expect(changes.map(({ action, name, reason }) => [action, name, reason])).toEqual([
      ["delete", "r", undefined],
      ["refused", "f", "the rule is in no set, not in s"],
      ["refused", "none", "there is no such rule"],
    ]);
  });
});

const NAMES = fc.constantFrom("a", "b", "c", "d");
const BUSES = ["default", "shop"];
const TAGS = fc.dictionary(fc.constantFrom("team", "cost", "constructor"), fc.constantFrom("", "1", "2"));
const TARGETS = fc.uniqueArray(
  fc.record(
    {
      id: fc.constantFrom("1", "2", "3", "4", "5", "6", "7"),
      arn: fc.constantFrom("arn:aws:sqs:us-east-1:111122223333:q", "https://example.com/"),
      input: fc.constantFrom('{"a":1}', '"x"'),
      inputPath: fc.constantFrom("$", "$.detail"),
      retryPolicy: fc.record({ maximumRetryAttempts: fc.integer({ min: 184, max: 185 }) }),
    },
    { requiredKeys: ["id", "arn"] },
  ),
  { selector: ({ id }) => id, maxLength: 5 },
);
const STATED = {
  name: NAMES,
  eventBusName: fc.constantFrom(...BUSES),
  state: fc.constantFrom("ENABLED" as const, "DISABLED" as const),
  eventPattern: fc.constantFrom('{"source":["a"]}', '{ "source":["a"] }', '{"source":["b"]}'),
  targets: TARGETS,
};
const KEY = ({ eventBusName, name }: { eventBusName: string; name: string }) => `${eventBusName} ${name}`;
const RULES_OF_FILES = fc.uniqueArray(
  fc
    .record({ ...STATED, description: fc.constantFrom("", "x"), tags: TAGS })
    .map((rule): SetRule => ({ ...rule, file: "rules.yml" })),
  { selector: KEY, maxLength: 8 },
);
const RULES_FOUND = fc.uniqueArray(
  fc
    .record({ ...STATED, tags: TAGS, set: fc.constantFrom("s", "other", undefined), managed: fc.boolean() })
    .map(
      ({ set, managed, tags, ...rule }): BusRule => ({
        ...rule,
        arn: `arn:aws:events:us-east-1:111122223333:rule/${rule.eventBusName === "default" ? "" : "shop/"}${rule.name}`,
        tags: { ...tags, ...(set !== undefined && { [SET_TAG]: set }) },
        ...(managed && { managedBy: "somebody" }),
      }),
    ),
  { selector: KEY, maxLength: 8 },
);

test("what a plan says is done once: planned again, nothing is left, and what is not the set's is as it was", async () => {
  await fc.assert(
    fc.asyncProperty(
      RULES_OF_FILES,
      RULES_FOUND,
      fc.boolean(),
      fc.boolean(),
      async (wanted, found, prune, adopt) => {
        const control = new MemoryRuleControl(found, BUSES);
        const request = { set: "s", prune, adopt };

        const { changes } = await makePlan(control, wanted, request);
        const outcomes = await applyChanges(control, changes);
        const again = await makePlan(control, wanted, request);

        expect(outcomes.filter(({ failure }) => failure !== undefined)).toEqual([]);
        const before = countActions(changes);
        const { create, update, delete: deleted, refused } = countActions(again.changes);
        expect({ create, update, deleted }).toEqual({ create: 0, update: 0, deleted: 0 });
        expect(refused).toBe(before.refused);
        const touched = new Set(changes.filter(({ steps }) => steps.length > 0).map(KEY));
        const rest = await readBusRules(control, BUSES, () => true);
        const untouched = found.filter((rule) => !touched.has(KEY(rule)));
        for (const rule of untouched) {
          const { tags: _, ...now } = rest.find((other) => KEY(other) === KEY(rule)) ?? FOUND;
          const { tags: __, ...then } = rule;
          expect(now).toEqual(then);
        }
      },
    ),
    { numRuns: 300 },
  );
});
