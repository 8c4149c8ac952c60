import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import type { SqsQueueSettings } from "../../shared/adapters/aws/message-queue.ts";

/** Makes a queue and its dead-letter queue, with a redrive policy. */
export async function createQueues(
  client: SQSClient,
  name: string,
  maxReceives: number,
): Promise<SqsQueueSettings> {
  const id = crypto.randomUUID();
  const deadLetterUrl = await createQueue(client, `${id}-dead`, {});
  const queueUrl = await createQueue(client, id, {
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: await queueArn(client, deadLetterUrl),
      maxReceiveCount: maxReceives,
    }),
  });
  return { name, queueUrl, deadLetterUrl, maxReceives };
}

export async function deleteQueues(client: SQSClient, queues: SqsQueueSettings): Promise<void> {
  for (const QueueUrl of [queues.queueUrl, queues.deadLetterUrl]) {
    await client.send(new DeleteQueueCommand({ QueueUrl }));
  }
}

export async function queueArn(client: SQSClient, QueueUrl: string): Promise<string> {
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  return Attributes?.QueueArn ?? "";
}

async function createQueue(
  client: SQSClient,
  QueueName: string,
  Attributes: Record<string, string>,
): Promise<string> {
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl ?? "";
}
