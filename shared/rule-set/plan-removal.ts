import { setOf } from "./ownership.ts";
import { deletionUnlessManaged } from "./plan-rules.ts";
import type { RuleChange } from "./rule-change.ts";
import type { BusRule } from "./set-rule.ts";

/** What is to be removed. */
export interface RemovalRequest {
  readonly set: string;
  readonly found: readonly BusRule[];
  /** Names of rules; none for all of the set. */
  readonly names: readonly string[];
}

/** A plan that deletes rules of a set. What is named and not the set's, or not there, is refused. */
export function planRemoval({ set, found, names }: RemovalRequest): readonly RuleChange[] {
  const ofSet = found.filter((rule) => setOf(rule) === set);
  if (names.length === 0) {
    return ofSet.map(deletionUnlessManaged);
  }
  return [...new Set(names)].flatMap((name) => {
    const named = ofSet.filter((rule) => rule.name === name);
    return named.length > 0 ? named.map(deletionUnlessManaged) : [notOfSet(name, set, found)];
  });
}

function notOfSet(name: string, set: string, found: readonly BusRule[]): RuleChange {
  const other = found.find((rule) => rule.name === name);
  const owner = other && setOf(other);
  const reason =
    other === undefined
      ? "there is no such rule"
      : `the rule is in ${owner === undefined ? "no set" : `the set ${owner}`}, not in ${set}`;
  return {
    action: "refused",
    name,
    eventBusName: other?.eventBusName ?? "",
    fields: [],
    steps: [],
    reason,
  };
}
