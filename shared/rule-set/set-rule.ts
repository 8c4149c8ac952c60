import type { Rule, RuleTarget } from "../rule/rule.ts";

/** A rule as a rules file asks for it. */
export interface SetRule extends Rule {
  readonly eventBusName: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The file that it stands in, as people are told of it. */
  readonly file: string;
}

/** A target as an event bus has it. */
export interface BusTarget extends RuleTarget {
  /** Names of its parameters that rules files do not have (EcsParameters, …), sorted. */
  readonly otherParameters?: readonly string[];
}

/** A rule of an event bus, without what has to be asked for by itself. */
export interface BusRuleHead {
  readonly name: string;
  readonly arn: string;
  readonly eventBusName: string;
  readonly description?: string;
  readonly state: string;
  /** JSON text. A rule on a schedule has none. */
  readonly eventPattern?: string;
  readonly scheduleExpression?: string;
  readonly roleArn?: string;
  /** The AWS service, or the program, that alone may change the rule. */
  readonly managedBy?: string;
}

/** A rule of an event bus. */
export interface BusRule extends BusRuleHead {
  readonly tags: Readonly<Record<string, string>>;
  readonly targets: readonly BusTarget[];
}
