import type { BusRuleHead, BusTarget, SetRule } from "../rule-set/set-rule.ts";

/** An event bus. */
export interface EventBusHead {
  readonly name: string;
  readonly arn: string;
}

/** A rule, by the bus that it is on and its name. */
export interface RuleLocation {
  readonly eventBusName: string;
  readonly name: string;
}

/** A target that was not put or removed, while others may have been. */
export interface TargetFailure {
  readonly id: string;
  readonly errorCode: string;
  readonly errorMessage: string;
}

/**
 * Rules of one account and region as their administrators see them, over the EventBridge API. Every list is whole, however many pages it
 * comes in.
 */
export interface RuleControl {
  listBuses(): Promise<readonly EventBusHead[]>;
  listRules(eventBusName: string): Promise<readonly BusRuleHead[]>;
  listTags(ruleArn: string): Promise<Readonly<Record<string, string>>>;
  listTargets(rule: RuleLocation): Promise<readonly BusTarget[]>;
  /** Makes a rule with its tags, or replaces one: of that the tags and targets stay as they are. */
  putRule(rule: SetRule): Promise<void>;
  /** Deletes a rule without targets. One that is not there is deleted already. */
  deleteRule(rule: RuleLocation): Promise<void>;
  tagRule(ruleArn: string, tags: Readonly<Record<string, string>>): Promise<void>;
  untagRule(ruleArn: string, keys: readonly string[]): Promise<void>;
  /** Adds targets, and replaces those of the same ids. @returns those that were not taken */
  putTargets(rule: RuleLocation, targets: readonly BusTarget[]): Promise<readonly TargetFailure[]>;
  /** @returns those that were not removed */
  removeTargets(rule: RuleLocation, ids: readonly string[]): Promise<readonly TargetFailure[]>;
}
