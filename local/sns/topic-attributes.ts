import { isJsonObject } from "../../shared/event/json.ts";
import { invalidParameter } from "./call.ts";

/** What can be set of a topic that is not FIFO. All but the policy is kept and answered, and has no effect. */
const SETTABLE =
  /^(?:Policy|DisplayName|DeliveryPolicy|KmsMasterKeyId|SignatureVersion|TracingConfig|(?:HTTP|Lambda|SQS|Firehose|Application)(?:SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn))$/;

const LONGEST_POLICY_BYTES = 30 * 1024;

/**
 * Checks an attribute that a topic is to have.
 * https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
 * @throws AwsError InvalidParameter
 */
export function checkTopicAttribute(name: string, value: string): void {
  if (!SETTABLE.test(name)) throw invalidParameter("AttributeName");
  if (name === "Policy") checkPolicy(value);
}

/** The policy of a topic that was given none: its owner may do everything, and nobody else anything. */
export function defaultPolicy(topicArn: string): string {
  const [, , , , accountId] = topicArn.split(":");
  const actions = [
    ...["GetTopicAttributes", "SetTopicAttributes", "AddPermission", "RemovePermission", "DeleteTopic"],
    ...["Subscribe", "ListSubscriptionsByTopic", "Publish"],
  ];
  return JSON.stringify({
    Version: "2008-10-17",
    Id: "__default_policy_ID",
    Statement: [
      {
        Sid: "__default_statement_ID",
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: actions.map((action) => `SNS:${action}`),
        Resource: topicArn,
        Condition: { StringEquals: { "AWS:SourceOwner": accountId } },
      },
    ],
  });
}

function checkPolicy(text: string): void {
  if (Buffer.byteLength(text) > LONGEST_POLICY_BYTES) throw invalidParameter("Policy Error: too long");
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch {
    throw invalidParameter("Policy is not valid JSON");
  }
  const statements: unknown = isJsonObject(policy) ? policy.Statement : undefined;
  const all: readonly unknown[] = Array.isArray(statements) ? statements : [statements];
  if (!all.every((each) => isJsonObject(each) && (each.Effect === "Allow" || each.Effect === "Deny"))) {
    throw invalidParameter("Policy statement must have an Effect of Allow or Deny");
  }
}
