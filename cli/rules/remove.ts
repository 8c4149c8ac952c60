import { Command } from "commander";
import { makeRemovalPlan } from "../../shared/rule-set/make-plan.ts";
import { EXIT } from "../exit-code.ts";
import { flag } from "../options.ts";
import { carryOut } from "./carry-out.ts";
import {
  addEventBridgeOptions,
  addSetOption,
  type EventBridgeOptions,
  withEventBridge,
} from "./eventbridge.ts";

interface RemoveOptions extends EventBridgeOptions {
  readonly set: string;
  readonly all: boolean;
  readonly yes: boolean;
}

/** `opentrail rules remove`. */
export function removeRulesCommand(): Command {
  const command = new Command("remove")
    .description("delete rules of a set with their targets, after showing which")
    .argument("[name...]", "the rules' names")
    .option("--all", "all rules of the set", false)
    .addOption(flag("--yes", "do not ask"))
    .addHelpText(
      "after",
      "\nExit codes: 0 done, or nothing to do; 1 not, or not all of it, done; 2 wrong usage, or nobody can be asked.",
    )
    .action(async (names: readonly string[], options: RemoveOptions) => {
      if (options.all === names.length > 0) {
        command.error("error: name either rules or --all", { exitCode: EXIT.usage });
      }
      await withEventBridge(options, command, async (control) =>
        carryOut(control, await makeRemovalPlan(control, options.set, names), { ...options, command }),
      );
    });
  return addEventBridgeOptions(addSetOption(command));
}
