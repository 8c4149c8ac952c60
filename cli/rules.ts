import { Command } from "commander";
import { applyRulesCommand } from "./rules/apply.ts";
import { diffRulesCommand } from "./rules/diff.ts";
import { listRulesCommand } from "./rules/list.ts";
import { removeRulesCommand } from "./rules/remove.ts";
import { testPatternCommand } from "./rules/test-pattern.ts";

/** `opentrail rules`: apply, diff, list, remove, test. */
export function rulesCommand(): Command {
  return new Command("rules")
    .description("put rules of files on EventBridge, and try their event patterns")
    .addCommand(applyRulesCommand())
    .addCommand(diffRulesCommand())
    .addCommand(listRulesCommand())
    .addCommand(removeRulesCommand())
    .addCommand(testPatternCommand());
}
