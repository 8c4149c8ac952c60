import type { InputTransformer } from "./input-transformer.ts";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html#eventbridge-PutRule-request-State */
export type RuleState = "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

/** Targets a rule may have. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const MOST_TARGETS = 5;

/** How often and how long an event is offered to a target. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_RetryPolicy.html */
export interface RetryPolicy {
  readonly maximumEventAgeInSeconds?: number;
  readonly maximumRetryAttempts?: number;
}

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
  /** The queue for events that the target did not take. */
  readonly deadLetterConfig?: { readonly arn: string };
  readonly retryPolicy?: RetryPolicy;
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
