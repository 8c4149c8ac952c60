import { LocalTopics } from "../../shared/adapters/local/topics.ts";
import { MemoryMessageQueue } from "../../shared/adapters/memory/message-queue.ts";
import { MemoryTopics } from "../../shared/adapters/memory/topics.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import type { Subscription, TopicPost } from "../../shared/ports/topic-store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeTopicsContract } from "./topics.suite.ts";

const OPEN = "arn:aws:sns:us-east-1:123456789012:open";
const CLOSED = "arn:aws:sns:us-east-1:123456789012:closed";

describeTopicsContract("memory", async () => {
  const topics = new MemoryTopics();
  topics.createTopic(OPEN, true);
  topics.createTopic(CLOSED, false);
  return {
    topics,
    topicArn: OPEN,
    closedTopicArn: CLOSED,
    received: async () => topics.messages.map(({ message }) => message),
    close: async () => {},
  };
});

const subscription = (topicArn: string): Subscription => ({
  arn: `${topicArn}:6b0e71bd-7e97-4d97-80ce-4a0994e55286`,
  topicArn,
  protocol: "http",
  endpoint: "http://192.0.2.1/",
  token: "00",
  isConfirmed: true,
  isRaw: false,
});

describeTopicsContract("local", async () => {
  const folder = temporaryFolder();
  const queue = new MemoryMessageQueue(systemClock, { name: "notifications", maxReceives: 5 });
  const topics = new LocalTopics(folder.path, queue, systemClock);
  const statement = {
    Effect: "Allow",
    Principal: { Service: "cloudtrail.amazonaws.com" },
    Action: "SNS:Publish",
    Resource: OPEN,
  };
  for (const [arn, Statement] of [
    [OPEN, [statement]],
    [CLOSED, []],
  ] as const) {
    const attributes = { Policy: JSON.stringify({ Version: "2012-10-17", Statement }) };
    await topics.changeTopic(arn, () => ({ arn, attributes, tags: {} }));
    await topics.changeSubscription(subscription(arn).arn, () => subscription(arn));
  }
  return {
    topics,
    topicArn: OPEN,
    closedTopicArn: CLOSED,
    received: async () => {
      const messages = await queue.receive({ messages: 10, bytes: 1_000_000 }, 1_000);
      return messages.map(({ body }) => (JSON.parse(body.toString()) as TopicPost).publication.message);
    },
    close: async () => {
      topics.close();
      folder.remove();
    },
  };
});
