import { Command } from "commander";
import { makePlan } from "../../shared/rule-set/make-plan.ts";
import { flag } from "../options.ts";
import { carryOut } from "./carry-out.ts";
import {
  addEventBridgeOptions,
  addSetOption,
  type EventBridgeOptions,
  withEventBridge,
} from "./eventbridge.ts";
import { readRules } from "./rules-files.ts";

interface ApplyOptions extends EventBridgeOptions {
  readonly set: string;
  readonly prune: boolean;
  readonly adopt: boolean;
  readonly yes: boolean;
}

const ADOPT = " --adopt takes over those of no set or of another.";

/** `opentrail rules apply`. */
export function applyRulesCommand(): Command {
  const command = new Command("apply")
    .description("put the rules and targets of files on EventBridge, after showing what changes")
    .argument("<file...>", "files in YAML or JSON, or folders of them")
    .option("--prune", "delete the set's rules that stand in no file any more", false)
    .option("--adopt", "take over rules of the same names that are in no set or in another", false)
    .addOption(flag("--yes", "do not ask"))
    .addHelpText(
      "after",
      "\nExit codes: 0 done, or nothing to do; 1 not, or not all of it, done; 2 a file is not what it should be, or nobody can be asked.",
    )
    .action((files: readonly string[], options: ApplyOptions) =>
      withEventBridge(options, command, async (control) =>
        carryOut(control, await makePlan(control, await readRules(files), options), {
          ...options,
          command,
          hint: ADOPT,
        }),
      ),
    );
  return addEventBridgeOptions(addSetOption(command));
}
