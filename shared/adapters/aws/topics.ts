import { PublishCommand, type SNSClient, SNSServiceException } from "@aws-sdk/client-sns";
import { TopicRefusal, type Topics } from "../../ports/topics.ts";

/** Gives the client of a region. */
export type SnsClientOf = (region: string) => SNSClient;

/**
 * SNS topics, each in the region of its ARN.
 *
 * CloudTrail publishes as the service `cloudtrail.amazonaws.com`. This adapter cannot: it publishes as the function that it
 * runs in, whose own role must be allowed to, and which a topic of another account has to name in its policy.
 */
export function snsTopics(clientOf: SnsClientOf): Topics {
  return {
    async publishForTrail(topicArn, _trailArn, message) {
      const [, , , region = ""] = topicArn.split(":");
      try {
        await clientOf(region).send(new PublishCommand({ TopicArn: topicArn, Message: message }));
      } catch (error) {
        throw error instanceof SNSServiceException && isRefusal(error)
          ? new TopicRefusal(wireCode(error), error.message, { cause: error })
          : error;
      }
    },
  };
}

/** Throttling (of SNS, or of the topic's KMS key) and faults of SNS itself say nothing of the topic. */
function isRefusal({ name, $fault }: SNSServiceException): boolean {
  return $fault === "client" && !name.includes("Throttl");
}

/** The code that SNS answered: the SDK's names of errors have `Exception` at their end, the codes that AWS shows have not. */
function wireCode(error: SNSServiceException): string {
  return error.name.replace(/(?<=.)Exception$/, "");
}
