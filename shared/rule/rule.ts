import type { InputTransformer } from "./input-transformer.ts";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html#eventbridge-PutRule-request-State */
export type RuleState = "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

/** What a rule invokes. */
export interface RuleTarget {
  readonly id: string;
  readonly arn: string;
  readonly roleArn?: string;
  /** JSON text that the target gets in place of the event. */
  readonly input?: string;
  /** JSON path of the part of the event that the target gets. */
  readonly inputPath?: string;
  readonly inputTransformer?: InputTransformer;
}

/** A rule on the event bus of an account and region: events that match its pattern invoke its targets. */
export interface Rule {
  readonly name: string;
  readonly description?: string;
  readonly state: RuleState;
  /** JSON text. */
  readonly eventPattern: string;
  readonly roleArn?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly targets: readonly RuleTarget[];
}
