import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DESTINATIONS_ATTRIBUTE, snsActivityTopic } from "../../shared/adapters/aws/activity-topic.ts";
import { s3BlockObjects } from "../../shared/adapters/aws/block-objects.ts";
import { makeBlockStore } from "../../shared/adapters/aws/block-store.ts";
import { sqsMessageQueue } from "../../shared/adapters/aws/message-queue.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import type { Destination } from "../../shared/event/block.ts";
import type { MessageQueue } from "../../shared/ports/message-queue.ts";
import { createQueues, deleteQueues, queueArn } from "../support/aws-queues.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeActivityTopicContract } from "./activity-topic.suite.ts";

const SUBSCRIPTIONS = [
  { how: "raw", attributes: { RawMessageDelivery: "true" } },
  { how: "in SNS's envelope", attributes: {} },
] as const;

for (const { how, attributes } of SUBSCRIPTIONS) {
  describeWithMoto(`SNS in moto, messages ${how}`, (config) => {
    describeActivityTopicContract("aws", async () => {
      const sqs = new SQSClient({ ...config(), useQueueUrlAsEndpoint: false });
      const sns = new SNSClient(config());
      const s3 = new S3Client({ ...config(), forcePathStyle: true });
      await s3.send(new CreateBucketCommand({ Bucket: "blocks" }));
      const blocks = makeBlockStore(s3BlockObjects(s3, "blocks"));
      const { TopicArn: topicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "activity" }));
      const closing: (() => Promise<unknown>)[] = [
        () => sns.send(new DeleteTopicCommand({ TopicArn: topicArn })),
      ];

      async function subscribed(destination: Destination): Promise<MessageQueue> {
        const queues = await createQueues(sqs, destination, 5);
        closing.push(() => deleteQueues(sqs, queues));
        await sns.send(
          new SubscribeCommand({
            TopicArn: topicArn,
            Protocol: "sqs",
            Endpoint: await queueArn(sqs, queues.queueUrl),
            Attributes: {
              ...attributes,
              FilterPolicy: JSON.stringify({ [DESTINATIONS_ATTRIBUTE]: [destination] }),
            },
          }),
        );
        return sqsMessageQueue(sqs, blocks, systemClock, queues);
      }

      return {
        topic: snsActivityTopic(sns, blocks, systemClock, { topicArn, maxMessageBytes: 256 * 1024 }),
        queues: {
          "log-files": await subscribed("log-files"),
          "log-groups": await subscribed("log-groups"),
          "event-bus": await subscribed("event-bus"),
          history: await subscribed("history"),
        },
        close: async () => {
          for (const close of closing) await close();
        },
      };
    });
  });
}
