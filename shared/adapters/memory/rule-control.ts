import type { RuleControl, RuleLocation, TargetFailure } from "../../ports/rule-control.ts";
import { MOST_TARGETS } from "../../rule/rule.ts";
import type { BusRule } from "../../rule-set/set-rule.ts";

const PLACE = "arn:aws:events:us-east-1:111122223333:";

/** Rules of account 111122223333 in us-east-1 that end with the process. */
export class MemoryRuleControl implements RuleControl {
  readonly #buses: readonly string[];
  readonly #rules = new Map<string, BusRule>();

  /** @param rules that are there already */
  constructor(rules: readonly BusRule[] = [], buses: readonly string[] = ["default"]) {
    this.#buses = buses;
    for (const rule of rules) {
      this.#rules.set(ruleArn(rule), rule);
    }
  }

  async listBuses() {
    return this.#buses.map((name) => ({ name, arn: `${PLACE}event-bus/${name}` }));
  }

  async listRules(eventBusName: string) {
    return [...this.#rules.values()]
      .filter((rule) => rule.eventBusName === eventBusName)
      .map(({ tags: _tags, targets: _targets, ...head }) => head);
  }

  async listTags(arn: string) {
    return this.#rule(arn).tags;
  }

  async listTargets(rule: RuleLocation) {
    return this.#rule(ruleArn(rule)).targets;
  }

  async putRule({ file: _file, ...rule }: Parameters<RuleControl["putRule"]>[0]) {
    const arn = ruleArn(rule);
    const { tags = rule.tags, targets = [] } = this.#rules.get(arn) ?? {};
    this.#rules.set(arn, { ...rule, arn, tags, targets });
  }

  async deleteRule(rule: RuleLocation) {
    const arn = ruleArn(rule);
    if ((this.#rules.get(arn)?.targets.length ?? 0) > 0) {
      throw new Error("Rule can't be deleted since it has targets.");
    }
    this.#rules.delete(arn);
  }

  async tagRule(arn: string, tags: BusRule["tags"]) {
    this.#change(arn, (rule) => ({ ...rule, tags: { ...rule.tags, ...tags } }));
  }

  async untagRule(arn: string, keys: readonly string[]) {
    this.#change(arn, (rule) => ({
      ...rule,
      tags: Object.fromEntries(Object.entries(rule.tags).filter(([key]) => !keys.includes(key))),
    }));
  }

  async putTargets(location: RuleLocation, added: BusRule["targets"]): Promise<readonly TargetFailure[]> {
    this.#change(ruleArn(location), (rule) => {
      const targets = new Map([...rule.targets, ...added].map((target) => [target.id, target]));
      if (targets.size > MOST_TARGETS) {
        throw new Error("The requested resource exceeds the maximum number allowed.");
      }
      return { ...rule, targets: [...targets.values()] };
    });
    return [];
  }

  async removeTargets(location: RuleLocation, ids: readonly string[]): Promise<readonly TargetFailure[]> {
    this.#change(ruleArn(location), (rule) => ({
      ...rule,
      targets: rule.targets.filter(({ id }) => !ids.includes(id)),
    }));
    return [];
  }

  #change(arn: string, change: (rule: BusRule) => BusRule): void {
    this.#rules.set(arn, change(this.#rule(arn)));
  }

  #rule(arn: string): BusRule {
    const rule = this.#rules.get(arn);
    if (rule === undefined) {
      throw new Error(`Rule ${arn} does not exist.`);
    }
    return rule;
  }
}

function ruleArn({ eventBusName, name }: RuleLocation): string {
  return `${PLACE}rule/${eventBusName === "default" ? "" : `${eventBusName}/`}${name}`;
}
