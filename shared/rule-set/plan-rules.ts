import { MOST_TARGETS } from "../rule/rule.ts";
import { changesBetween, comparableRule, comparableTarget } from "./comparable.ts";
import { SET_TAG, setOf } from "./ownership.ts";
import { deletion, type RuleChange, type RuleStep } from "./rule-change.ts";
import type { BusRule, BusTarget, SetRule } from "./set-rule.ts";

/** What a plan is made of. */
export interface PlanRequest {
  /** The name of the set that the files' rules are. */
  readonly set: string;
  /** The files' rules. */
  readonly wanted: readonly SetRule[];
  /** The rules of all buses that matter. */
  readonly found: readonly BusRule[];
  /** Whether the set's rules that stand in no file go. */
  readonly prune: boolean;
  /** Whether rules of the files' names that are not the set's become the set's. */
  readonly adopt: boolean;
}

/**
 * What has to be done so that the buses have the files' rules: one change a rule, those of the files first and in their order. Once it is
 * done, the same request makes a plan in which nothing is to be done.
 */
export function planRules({ set, wanted, found, prune, adopt }: PlanRequest): readonly RuleChange[] {
  const foundByKey = new Map(found.map((rule) => [keyOf(rule), rule]));
  const wantedKeys = new Set(wanted.map(keyOf));
  const rest = found.filter((rule) => setOf(rule) === set && !wantedKeys.has(keyOf(rule)));
  return [
    ...wanted.map((rule) => changeOf(withSet(rule, set), foundByKey.get(keyOf(rule)), set, adopt)),
    ...rest.map((rule) => (prune ? deletionUnlessManaged(rule) : kept(rule))),
  ];
}

/** A change that deletes the rule; a refusal where another manages it. */
export function deletionUnlessManaged(rule: BusRule): RuleChange {
  return rule.managedBy === undefined ? deletion(rule) : refused(rule, managed(rule.managedBy));
}

function changeOf(wanted: SetRule, found: BusRule | undefined, set: string, adopt: boolean): RuleChange {
  if (found === undefined) {
    return creation(wanted);
  }
  if (found.managedBy !== undefined) {
    return refused(wanted, managed(found.managedBy));
  }
  const owner = setOf(found);
  if (owner !== set && !adopt) {
    return refused(
      wanted,
      `there is a rule of that name ${owner === undefined ? "in no set" : `in the set ${owner}`}`,
    );
  }
  return update(wanted, found);
}

function creation(rule: SetRule): RuleChange {
  return {
    action: "create",
    name: rule.name,
    eventBusName: rule.eventBusName,
    fields: [
      ...changesBetween({}, comparableRule(rule)),
      ...changesBetween({}, rule.tags, "tags."),
      ...rule.targets.flatMap((target) =>
        changesBetween({}, comparableTarget(target), `targets.${target.id}.`),
      ),
    ],
    steps: [{ do: "put-rule", rule }, ...putting(rule.targets)],
  };
}

function update(wanted: SetRule, found: BusRule): RuleChange {
  const ruleFields = changesBetween(comparableRule(found), comparableRule(wanted));
  const tagFields = changesBetween(ownTags(found), wanted.tags, "tags.");
  const changed = wanted.targets.filter((target) => targetChanges(target, found).length > 0);
  const gone = found.targets.filter(({ id }) => !wanted.targets.some((target) => target.id === id));
  const fields = [
    ...ruleFields,
    ...tagFields,
    ...changed.flatMap((target) => targetChanges(target, found)),
    ...gone.map(({ id, arn }) => ({ field: `targets.${id}`, from: arn })),
  ];
  return {
    action: fields.length === 0 ? "unchanged" : "update",
    name: wanted.name,
    eventBusName: wanted.eventBusName,
    fields,
    steps: [
      // First of all the rule becomes the set's: what is interrupted then is finished by the next run.
      ...tagSteps(wanted, found),
      ...(ruleFields.length > 0 ? [{ do: "put-rule", rule: wanted } as const] : []),
      ...targetSteps(found, changed, gone),
    ],
  };
}

function targetChanges(target: BusTarget, { targets }: BusRule) {
  const found = targets.find(({ id }) => id === target.id);
  const before = found === undefined ? {} : comparableTarget(found);
  return changesBetween(before, comparableTarget(target), `targets.${target.id}.`);
}

function tagSteps(wanted: SetRule, found: BusRule): readonly RuleStep[] {
  const before = ownTags(found);
  const tags = Object.entries(wanted.tags).filter(
    ([key, value]) => !Object.hasOwn(before, key) || before[key] !== value,
  );
  const keys = Object.keys(before).filter((key) => !Object.hasOwn(wanted.tags, key));
  return [
    ...(tags.length > 0 ? [{ do: "tag-rule", arn: found.arn, tags: Object.fromEntries(tags) } as const] : []),
    ...(keys.length > 0 ? [{ do: "untag-rule", arn: found.arn, keys } as const] : []),
  ];
}

/** New targets come before old ones go, so that no event misses both; unless the rule would have too many meanwhile. */
function targetSteps(
  found: BusRule,
  changed: readonly BusTarget[],
  gone: readonly BusTarget[],
): readonly RuleStep[] {
  const ids = gone.map(({ id }) => id);
  const removing: readonly RuleStep[] = ids.length > 0 ? [{ do: "remove-targets", ids }] : [];
  const meanwhile = new Set([...found.targets, ...changed].map(({ id }) => id)).size;
  return meanwhile <= MOST_TARGETS ? [...putting(changed), ...removing] : [...removing, ...putting(changed)];
}

function putting(targets: readonly BusTarget[]): readonly RuleStep[] {
  return targets.length > 0 ? [{ do: "put-targets", targets }] : [];
}

function kept({ name, eventBusName }: BusRule): RuleChange {
  return { action: "kept", name, eventBusName, fields: [], steps: [] };
}

function refused({ name, eventBusName }: SetRule | BusRule, reason: string): RuleChange {
  return { action: "refused", name, eventBusName, fields: [], steps: [], reason };
}

function managed(by: string): string {
  return `the rule is managed by ${by}, which alone may change it`;
}

function withSet(rule: SetRule, set: string): SetRule {
  return { ...rule, tags: { ...rule.tags, [SET_TAG]: set } };
}

/** Tags without AWS's own, which nobody else can take away. */
function ownTags({ tags }: BusRule): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tags).filter(([key]) => !key.startsWith("aws:")));
}

function keyOf({ eventBusName, name }: SetRule | BusRule): string {
  return `${eventBusName} ${name}`;
}
