import type { RuleScope, RuleStore } from "../../ports/rule-store.ts";
import type { Rule } from "../../rule/rule.ts";

/** Rules that end with the process. */
export class MemoryRuleStore implements RuleStore {
  readonly #scopes = new Map<string, ReadonlyMap<string, Rule>>();
  #version = 0;

  get version(): number {
    return this.#version;
  }

  async list(scope: RuleScope): Promise<readonly Rule[]> {
    return [...this.#rules(scope).values()].sort((one, other) => (one.name < other.name ? -1 : 1));
  }

  async change(
    scope: RuleScope,
    name: string,
    change: (current: Rule | undefined) => Rule | undefined,
  ): Promise<void> {
    const rules = new Map(this.#rules(scope));
    const changed = change(rules.get(name));
    if (changed === undefined) {
      rules.delete(name);
    } else {
      rules.set(name, changed);
    }
    this.#scopes.set(keyOf(scope), rules);
    this.#version += 1;
  }

  #rules(scope: RuleScope): ReadonlyMap<string, Rule> {
    return this.#scopes.get(keyOf(scope)) ?? new Map();
  }
}

function keyOf({ accountId, region }: RuleScope): string {
  return `${accountId}/${region}`;
}
