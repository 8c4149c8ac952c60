import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { snsTopics } from "../../shared/adapters/aws/topics.ts";
import { createQueues, deleteQueues, queueArn } from "../support/aws-queues.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeTopicsContract } from "./topics.suite.ts";

describeWithMoto("SNS in moto", (config) => {
  describeTopicsContract("aws", async () => {
    const sns = new SNSClient(config());
    const sqs = new SQSClient({ ...config(), useQueueUrlAsEndpoint: false });
    const { TopicArn: topicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "deliveries" }));
    const queues = await createQueues(sqs, "deliveries", 5);
    const Endpoint = await queueArn(sqs, queues.queueUrl);
    await sns.send(
      new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: "sqs",
        Endpoint,
        Attributes: { RawMessageDelivery: "true" },
      }),
    );
    return {
      topics: snsTopics((region) => new SNSClient({ ...config(), region })),
      topicArn,
      received: async (count) => {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl: queues.queueUrl, MaxNumberOfMessages: Math.max(1, count) }),
        );
        return Messages.map(({ Body = "" }) => Body);
      },
      close: async () => {
        await deleteQueues(sqs, queues);
        await sns.send(new DeleteTopicCommand({ TopicArn: topicArn }));
        sns.destroy();
      },
    };
  });
});
