import { Command } from "commander";
import { setOf } from "../../shared/rule-set/ownership.ts";
import { readBusRules } from "../../shared/rule-set/read-bus-rules.ts";
import type { BusRule } from "../../shared/rule-set/set-rule.ts";
import { formatTable, printable } from "../format.ts";
import { flag, option } from "../options.ts";
import { addEventBridgeOptions, type EventBridgeOptions, withEventBridge } from "./eventbridge.ts";

interface ListOptions extends EventBridgeOptions {
  readonly eventBus: string;
  readonly json: boolean;
}

/** `opentrail rules list`. */
export function listRulesCommand(): Command {
  const command = new Command("list")
    .description("list the rules of an event bus, with their targets and whose they are")
    .addOption(option("--event-bus <name>", "the bus").default("default"))
    .addOption(flag("--json", "print the rules as JSON"))
    .action(async (options: ListOptions) => {
      const rules = await withEventBridge(options, command, (control) =>
        readBusRules(control, [options.eventBus], () => true),
      );
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ rules: rules.map(withOwner) }, null, 2)}\n`
          : formatRules(options.eventBus, rules),
      );
    });
  return addEventBridgeOptions(command);
}

function withOwner(rule: BusRule): object {
  return { ...rule, set: setOf(rule) ?? null };
}

function formatRules(eventBus: string, rules: readonly BusRule[]): string {
  if (rules.length === 0) {
    return `Event bus ${eventBus} has no rules.\n`;
  }
  const rows = rules.map((rule) => [
    rule.name,
    rule.state === "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"
      ? "enabled, all events"
      : rule.state.toLowerCase(),
    ownerOf(rule),
    rule.targets.map(({ id, arn }) => printable(`${id} ${arn}`)).join("\n") || "-",
  ]);
  return `${formatTable(["rule", "state", "set", "targets"], rows)}\n`;
}

function ownerOf(rule: BusRule): string {
  const owner = setOf(rule) ?? "-";
  return printable(rule.managedBy === undefined ? owner : `managed by ${rule.managedBy}`);
}
