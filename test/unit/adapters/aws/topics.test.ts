import {
  InternalErrorException,
  InvalidParameterException,
  KMSThrottlingException,
  NotFoundException,
  PublishCommand,
  SNSClient,
  ThrottledException,
} from "@aws-sdk/client-sns";
import { mockClient } from "aws-sdk-client-mock";
import { beforeEach, expect, it } from "vitest";
import { snsTopics } from "../../../../shared/adapters/aws/topics.ts";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:deliveries";
const TRAIL = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";
const says = { message: "so it is", $metadata: {} };

const sns = mockClient(SNSClient);

beforeEach(() => sns.reset());

function publish(): Promise<unknown> {
  return snsTopics(() => new SNSClient({}))
    .publishForTrail(TOPIC, TRAIL, "text")
    .catch((error: unknown) => error);
}

it.each([
  ["NotFound", new NotFoundException(says)],
  ["InvalidParameter", new InvalidParameterException(says)],
])("what SNS says of the topic is a refusal: %s", async (code, error) => {
  sns.on(PublishCommand).rejects(error);

  expect(await publish()).toMatchObject({ name: "TopicRefusal", code, cause: error });
});

it.each([
  ["throttling", new ThrottledException(says)],
  ["throttling of the topic's key", new KMSThrottlingException(says)],
  ["a fault of SNS", new InternalErrorException(says)],
  ["no answer", Object.assign(new Error("no answer"), { name: "TimeoutError" })],
])("%s says nothing of the topic, and is thrown as it is", async (_, error) => {
  sns.on(PublishCommand).rejects(error);

  expect(await publish()).toBe(error);
});
