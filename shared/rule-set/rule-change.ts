import type { FieldChange } from "./comparable.ts";
import type { BusRule, BusTarget, SetRule } from "./set-rule.ts";

/** One call, or one sequence of batches of the same call, on the way to a change. */
export type RuleStep =
  | { readonly do: "put-rule"; readonly rule: SetRule }
  | { readonly do: "tag-rule"; readonly arn: string; readonly tags: Readonly<Record<string, string>> }
  | { readonly do: "untag-rule"; readonly arn: string; readonly keys: readonly string[] }
  | { readonly do: "put-targets"; readonly targets: readonly BusTarget[] }
  | { readonly do: "remove-targets"; readonly ids: readonly string[] }
  | { readonly do: "delete-rule" };

/** What a plan says of one rule. */
export interface RuleChange {
  readonly action: RuleAction;
  readonly name: string;
  readonly eventBusName: string;
  /** What changes, for people. */
  readonly fields: readonly FieldChange[];
  /** In order: a rule's later steps are for when its earlier ones are done. */
  readonly steps: readonly RuleStep[];
  /** Why it is refused. */
  readonly reason?: string;
}

/**
 * `kept`: a rule of the set that stands in no file and stays, since pruning was not asked for. `refused`: what was asked for may not be
 * done.
 */
export type RuleAction = "create" | "update" | "delete" | "unchanged" | "kept" | "refused";

/** Rules by action. */
export type ActionCounts = Readonly<Record<RuleAction, number>>;

export function countActions(changes: readonly RuleChange[]): ActionCounts {
  const counts = { create: 0, update: 0, delete: 0, unchanged: 0, kept: 0, refused: 0 };
  for (const { action } of changes) {
    counts[action] += 1;
  }
  return counts;
}

/** The change that takes a rule away, its targets first: EventBridge deletes no rule that has some. */
export function deletion({ name, eventBusName, targets }: BusRule): RuleChange {
  const ids = targets.map(({ id }) => id);
  return {
    action: "delete",
    name,
    eventBusName,
    fields: targets.map(({ id, arn }) => ({ field: `targets.${id}`, from: arn })),
    steps: [...(ids.length > 0 ? [{ do: "remove-targets", ids } as const] : []), { do: "delete-rule" }],
  };
}
