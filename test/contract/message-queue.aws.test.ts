import { setTimeout as sleep } from "node:timers/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { s3BlockObjects } from "../../shared/adapters/aws/block-objects.ts";
import { makeBlockStore } from "../../shared/adapters/aws/block-store.ts";
import { sqsDeadLetters } from "../../shared/adapters/aws/dead-letters.ts";
import { sqsMessageQueue } from "../../shared/adapters/aws/message-queue.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { createQueues, deleteQueues } from "../support/aws-queues.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeMessageQueueContract } from "./message-queue.suite.ts";

describeWithMoto("SQS in moto", (config) => {
  describeMessageQueueContract("aws", { exact: false }, async (maxReceives) => {
    const client = new SQSClient({ ...config(), useQueueUrlAsEndpoint: false });
    const blocks = makeBlockStore(
      s3BlockObjects(new S3Client({ ...config(), forcePathStyle: true }), "blocks"),
    );
    const queues = await createQueues(client, "log-files", maxReceives);
    return {
      queue: sqsMessageQueue(client, blocks, systemClock, queues),
      deadLetters: sqsDeadLetters(client, blocks, systemClock, [queues]),
      pass: (ms) => sleep(ms),
      close: () => deleteQueues(client, queues),
    };
  });
});
