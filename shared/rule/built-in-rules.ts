import { awsPartition } from "../arn/partition.ts";
import type { RuleScope } from "../ports/rule-store.ts";
import { REMEDIATIONS } from "../remediation/catalog.ts";
import type { Rule } from "./rule.ts";

/** The rules that start remediations, as they are in each account and region until somebody changes their state. */
function builtInRules({ accountId, region }: RuleScope): readonly Rule[] {
  return REMEDIATIONS.map(({ name, description, eventPattern }) => ({
    name,
    description,
    state: "ENABLED",
    eventPattern: JSON.stringify(eventPattern),
    targets: [
      { id: name, arn: `arn:${awsPartition(region)}:lambda:${region}:${accountId}:function:${name}` },
    ],
  }));
}

/** Whether the rule came with OpenTrail. */
export function isBuiltIn(name: string): boolean {
  return REMEDIATIONS.some((remediation) => remediation.name === name);
}

/** The rules of an account and region by name: the stored ones, and built-in ones that are not stored. */
export function effectiveRules(scope: RuleScope, stored: readonly Rule[]): readonly Rule[] {
  const names = new Set(stored.map(({ name }) => name));
  const rules = [
    ...stored.map(asBuilt(scope)),
    ...builtInRules(scope).filter(({ name }) => !names.has(name)),
  ];
  return rules.sort((one, other) => (one.name < other.name ? -1 : 1));
}

/** Of a built-in rule only the state is stored: the rest is as this version has it. */
function asBuilt(scope: RuleScope): (rule: Rule) => Rule {
  const builtIn = new Map(builtInRules(scope).map((rule) => [rule.name, rule]));
  return (rule) => {
    const built = builtIn.get(rule.name);
    return built === undefined
      ? rule
      : { ...built, state: rule.state, ...(rule.tags && { tags: rule.tags }) };
  };
}
