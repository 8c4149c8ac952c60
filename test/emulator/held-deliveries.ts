import { setTimeout as sleep } from "node:timers/promises";
import {
  InvokeCommand,
  LambdaClient,
  paginateListEventSourceMappings,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { inject } from "vitest";
import { emulatorSettings } from "./deployment.ts";
import { ACCOUNT, PREFIX, queueUrl, sqs } from "./world.ts";

export const lambda = new LambdaClient({
  ...emulatorSettings(inject("emulator")),
  requestHandler: { requestTimeout: 120_000 },
});

const DESTINATIONS = ["log-files", "log-groups", "event-bus", "history"];

/** Turns the triggers of the delivery functions off or on: while they are off, blocks wait in their queues. */
export async function setDeliveryTriggers(Enabled: boolean): Promise<void> {
  for (const destination of DESTINATIONS) {
    const FunctionName = `${PREFIX}deliver-${destination}`;
    for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings(
      { client: lambda },
      { FunctionName },
    )) {
      for (const { UUID } of EventSourceMappings) {
        await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
      }
    }
  }
  // A trigger that was asking already may still take a batch.
  await sleep(2_000);
}

/** Hands the blocks that wait to the delivery functions, so many at a time. @throws Error if one is not delivered */
export async function deliverWaiting(blocksPerBatch: number): Promise<void> {
  await Promise.all(DESTINATIONS.map((destination) => deliverWaitingOf(destination, blocksPerBatch)));
}

async function deliverWaitingOf(destination: string, blocksPerBatch: number): Promise<void> {
  const QueueUrl = await queueUrl(destination);
  const waiting: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
    );
    if (Messages.length === 0) break;
    waiting.push(...Messages);
    await sqs.send(
      new DeleteMessageBatchCommand({
        QueueUrl,
        Entries: Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle })),
      }),
    );
  }
  for (let first = 0; first < waiting.length; first += blocksPerBatch) {
    await invokeWithMessages(`deliver-${destination}`, waiting.slice(first, first + blocksPerBatch));
  }
}

/** Invokes a function with messages as its trigger does. @throws Error if it fails, or one of the messages does */
export async function invokeWithMessages(name: string, messages: readonly Message[]): Promise<void> {
  const Records = messages.map(({ MessageId, Body, MessageAttributes = {} }) => ({
    messageId: MessageId,
    receiptHandle: "receipt",
    body: Body,
    attributes: {},
    messageAttributes: Object.fromEntries(
      Object.entries(MessageAttributes).map(([attribute, { DataType, StringValue, BinaryValue }]) => [
        attribute,
        {
          dataType: DataType,
          stringValue: StringValue,
          ...(BinaryValue && { binaryValue: Buffer.from(BinaryValue).toString("base64") }),
        },
      ]),
    ),
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: `arn:aws:sqs:us-east-1:${ACCOUNT}:${PREFIX}any`,
    awsRegion: "us-east-1",
  }));
  const { Payload, FunctionError } = await lambda.send(
    new InvokeCommand({ FunctionName: PREFIX + name, Payload: JSON.stringify({ Records }) }),
  );
  const answer = JSON.parse(Buffer.from(Payload ?? []).toString());
  if (FunctionError !== undefined || answer.batchItemFailures.length > 0) {
    throw new Error(`${name} answered ${JSON.stringify(answer)}`);
  }
}
