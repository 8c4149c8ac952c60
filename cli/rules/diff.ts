import { Command } from "commander";
import { makePlan } from "../../shared/rule-set/make-plan.ts";
import { countActions } from "../../shared/rule-set/rule-change.ts";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-code.ts";
import { flag } from "../options.ts";
import {
  addEventBridgeOptions,
  addSetOption,
  type EventBridgeOptions,
  withEventBridge,
} from "./eventbridge.ts";
import { formatPlan, planDocument } from "./plan-output.ts";
import { readRules } from "./rules-files.ts";

interface DiffOptions extends EventBridgeOptions {
  readonly set: string;
  readonly prune: boolean;
  readonly adopt: boolean;
  readonly json: boolean;
}

/** `opentrail rules diff`. */
export function diffRulesCommand(): Command {
  const command = new Command("diff")
    .description("show what apply would change, and change nothing")
    .argument("<file...>", "files in YAML or JSON, or folders of them")
    .option("--prune", "as apply would with --prune", false)
    .option("--adopt", "as apply would with --adopt", false)
    .addOption(flag("--json", "print the plan as JSON"))
    .addHelpText(
      "after",
      "\nExit codes: 0 nothing would change; 1 something would, or would be refused; 2 it could not be found out.",
    )
    .action((files: readonly string[], options: DiffOptions) => diff(files, options, command));
  return addEventBridgeOptions(addSetOption(command));
}

async function diff(files: readonly string[], options: DiffOptions, command: Command): Promise<void> {
  try {
    const plan = await withEventBridge(options, command, async (control) =>
      makePlan(control, await readRules(files), options),
    );
    process.stdout.write(
      options.json
        ? `${JSON.stringify(planDocument(options.set, plan), null, 2)}\n`
        : formatPlan(options.set, plan),
    );
    const { create, update, delete: deleted, refused } = countActions(plan.changes);
    process.exitCode = create + update + deleted + refused === 0 ? EXIT.done : EXIT.refused;
  } catch (error) {
    if (error instanceof CommandFailure) {
      // 1 would say that there are changes.
      command.error(`error: ${error.message}`, { exitCode: EXIT.usage });
    }
    throw error;
  }
}
