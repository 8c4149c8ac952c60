import type { RuleControl } from "../ports/rule-control.ts";
import type { BusRule, BusRuleHead } from "./set-rule.ts";

/** Rules whose tags and targets are asked for at one time: EventBridge's quotas for these calls are low. */
const AT_ONE_TIME = 4;

/**
 * The rules of event buses with their tags and targets, in the order of the buses.
 * @param needsTargets the rules whose targets matter; the others come without
 */
export async function readBusRules(
  control: RuleControl,
  eventBusNames: readonly string[],
  needsTargets: (rule: Omit<BusRule, "targets">) => boolean,
): Promise<readonly BusRule[]> {
  const heads: BusRuleHead[] = [];
  for (const bus of eventBusNames) {
    heads.push(...(await control.listRules(bus)));
  }
  const rules: BusRule[] = [];
  const waiting = heads.entries();
  async function work(): Promise<void> {
    for (const [index, head] of waiting) {
      // What somebody else manages belongs to no set.
      const tags = head.managedBy === undefined ? await control.listTags(head.arn) : {};
      const tagged = { ...head, tags };
      rules[index] = { ...tagged, targets: needsTargets(tagged) ? await control.listTargets(head) : [] };
    }
  }
  await Promise.all(Array.from({ length: AT_ONE_TIME }, work));
  return rules;
}
