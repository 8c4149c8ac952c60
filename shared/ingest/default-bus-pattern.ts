/**
 * The event pattern of the rule that takes events from an account's default bus: what CloudTrail sends there of AWS's
 * own services. The prefix of the source is a guard as well: nobody but AWS can send events with it, neither OpenTrail
 * nor an application that would forge a record.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export const DEFAULT_BUS_PATTERN = {
  source: [{ prefix: "aws." }],
  "detail-type": [
    "AWS API Call via CloudTrail",
    "AWS Console Sign In via CloudTrail",
    "AWS Console Action via CloudTrail",
    "AWS Service Event via CloudTrail",
    "AWS Insight via CloudTrail",
  ],
} as const;
