import type { Command } from "commander";
import type { RuleControl } from "../../shared/ports/rule-control.ts";
import { applyChanges, type ChangeOutcome } from "../../shared/rule-set/apply-changes.ts";
import type { RulePlan } from "../../shared/rule-set/make-plan.ts";
import { countActions } from "../../shared/rule-set/rule-change.ts";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-code.ts";
import { countOf, printable } from "../format.ts";
import { confirm, isInteractive } from "./confirm.ts";
import { permissionHint } from "./lambda-permission.ts";
import { formatPlan, ruleTitle } from "./plan-output.ts";

interface CarryOutOptions {
  readonly set: string;
  readonly yes: boolean;
  readonly command: Command;
  /** What may help where rules are refused. */
  readonly hint?: string;
}

/**
 * Shows a plan, asks, and does what it says. Without a terminal nobody can be asked: then `--yes` is needed.
 * @throws CommandFailure if not all of it was done
 */
export async function carryOut(
  control: RuleControl,
  plan: RulePlan,
  { set, yes, command, hint = "" }: CarryOutOptions,
): Promise<void> {
  process.stdout.write(formatPlan(set, plan));
  const { refused } = countActions(plan.changes);
  if (refused > 0) {
    throw new CommandFailure(
      `Nothing was changed, since not all of it may be: ${countOf(refused, "rule")} refused.${hint}`,
    );
  }
  const todo = plan.changes.filter(({ steps }) => steps.length > 0);
  if (todo.length === 0) {
    return;
  }
  const terminal = { input: process.stdin, output: process.stdout };
  if (!yes && !isInteractive(terminal)) {
    command.error("error: nothing was changed: without a terminal to ask on, --yes is needed", {
      exitCode: EXIT.usage,
    });
  }
  if (!yes && !(await confirm("\nDo this?", terminal))) {
    throw new CommandFailure("Nothing was changed.");
  }

  process.stdout.write("\n");
  const outcomes = await applyChanges(control, plan.changes, (outcome) =>
    process.stdout.write(formatOutcome(outcome)),
  );
  const done = outcomes.filter(({ failure }) => failure === undefined);
  process.stdout.write(
    permissionHint(
      done.map(({ change }) => change),
      plan.place,
    ),
  );
  if (done.length < outcomes.length) {
    throw new CommandFailure(
      `${done.length} of ${countOf(outcomes.length, "rule")} done. Run it again when the rest can be.`,
    );
  }
}

const PAST = { create: "created", update: "updated", delete: "deleted" } as const;

function formatOutcome({ change, failure }: ChangeOutcome): string {
  const { action } = change;
  const did = action === "create" || action === "update" || action === "delete" ? PAST[action] : action;
  return failure === undefined
    ? `✓ ${did} ${ruleTitle(change)}\n`
    : `✗ not ${did}, or not wholly: ${ruleTitle(change)}: ${printable(failure)}\n`;
}
