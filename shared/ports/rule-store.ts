import type { Rule } from "../rule/rule.ts";

/** Whose rules: they belong to the default event bus of an account and region. */
export interface RuleScope {
  readonly accountId: string;
  readonly region: string;
}

/** The rules of all accounts and regions. */
export interface RuleStore {
  /** Counts the changes: rules that were read are current as long as it stays the same. */
  readonly version: number;
  /** A scope's rules, by name. Every rule that was changed before is seen as it is now. */
  list(scope: RuleScope): Promise<readonly Rule[]>;
  /**
   * Changes one rule, by itself: no other change comes between. What `change` throws is thrown, and nothing was changed.
   * @param change is given the rule as it is, undefined if there is none, and gives the rule as it is to be, undefined
   *   for none
   */
  change(
    scope: RuleScope,
    name: string,
    change: (current: Rule | undefined) => Rule | undefined,
  ): Promise<void>;
}
