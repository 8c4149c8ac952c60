import type { FieldChange } from "../../shared/rule-set/comparable.ts";
import type { RulePlan } from "../../shared/rule-set/make-plan.ts";
import {
  type ActionCounts,
  countActions,
  type RuleAction,
  type RuleChange,
} from "../../shared/rule-set/rule-change.ts";
import { printable } from "../format.ts";

const MARKS: Readonly<Record<RuleAction, string>> = {
  create: "+",
  update: "~",
  delete: "-",
  unchanged: "=",
  kept: "?",
  refused: "!",
};

/** A longer value is cut in the middle. `--json` has it whole. */
const LONGEST_VALUE = 300;

/** A plan for people. Rules that stay as they are are counted only. */
export function formatPlan(set: string, { place, changes }: RulePlan): string {
  const shown = changes.filter(({ action }) => action !== "unchanged");
  return [
    `Set ${set} in account ${place.accountId}, ${place.region}\n\n`,
    ...shown.map(formatChange),
    shown.length > 0 ? "\n" : "",
    `${formatCounts(countActions(changes))}\n`,
  ].join("");
}

/** A plan for programs. */
export function planDocument(set: string, { place, changes }: RulePlan): object {
  return {
    set,
    account: place.accountId,
    region: place.region,
    counts: countActions(changes),
    changes: changes.map(({ steps: _, ...change }) => change),
  };
}

/** A rule with its bus, where that is not the default one. */
export function ruleTitle({ name, eventBusName }: RuleChange): string {
  return ["", "default"].includes(eventBusName) ? name : `${name} on ${eventBusName}`;
}

function formatChange(change: RuleChange): string {
  const { action, fields, reason } = change;
  const title = `${MARKS[action]} ${ruleTitle(change)}`;
  if (action === "refused") {
    return `${title}: ${printable(reason ?? "")}\n`;
  }
  if (action === "kept") {
    return `${title}: stands in no file any more; --prune deletes it\n`;
  }
  return `${[title, ...fields.map(formatField)].join("\n")}\n`;
}

function formatField({ field, from, to }: FieldChange): string {
  const change =
    from === undefined ? shortened(to) : `${shortened(from)} → ${to === undefined ? "none" : shortened(to)}`;
  return `    ${printable(field)}: ${change}`;
}

function shortened(text = ""): string {
  const line = printable(text);
  return line.length <= LONGEST_VALUE ? line : `${line.slice(0, LONGEST_VALUE - 100)} … ${line.slice(-100)}`;
}

function formatCounts({ create, update, delete: deleted, unchanged, kept, refused }: ActionCounts): string {
  const counts = [
    `${create} to create`,
    `${update} to update`,
    `${deleted} to delete`,
    `${unchanged} unchanged`,
    ...(kept > 0 ? [`${kept} in no file`] : []),
    ...(refused > 0 ? [`${refused} refused`] : []),
  ];
  return `Plan: ${counts.join(", ")}.`;
}
