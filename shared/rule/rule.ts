/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutRule.html#eventbridge-PutRule-request-State */
export type RuleState = "ENABLED" | "DISABLED" | "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS";

/** A rule on the event bus: events that match its pattern invoke its target. */
export interface Rule {
  readonly name: string;
  readonly description: string;
  readonly state: RuleState;
  /** JSON text. */
  readonly eventPattern: string;
}
