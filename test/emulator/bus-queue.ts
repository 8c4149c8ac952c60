import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { ACCOUNT, events, output, sqs } from "./world.ts";

/**
 * Has a rule on OpenTrail's bus send what matches to a queue of its own.
 * @returns all events that came so far, as JSON texts, oldest first
 */
export async function makeBusQueue(
  name: string,
  pattern: Readonly<Record<string, unknown>>,
): Promise<() => Promise<readonly string[]>> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const EventBusName = output("EventBusName");
  await events.send(new PutRuleCommand({ Name: name, EventBusName, EventPattern: JSON.stringify(pattern) }));
  const Arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`;
  await events.send(new PutTargetsCommand({ Rule: name, EventBusName, Targets: [{ Id: name, Arn }] }));
  const seen = new Map<string, string>();
  return async () => {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 }),
      );
      for (const { MessageId = "", Body = "" } of Messages) seen.set(MessageId, Body);
      if (Messages.length === 0) return [...seen.values()];
    }
  };
}
