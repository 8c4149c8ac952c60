import { gzipSync } from "node:zlib";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { ACCOUNT, queueUrl, s3, sqs } from "./world.ts";

/** Makes a bucket that tells the stack of new log files, as docs/sources.md says. */
export async function makeSourceBucket(Bucket: string): Promise<void> {
  await s3.send(new CreateBucketCommand({ Bucket }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: await queueUrl("source-log-files"),
      AttributeNames: ["QueueArn"],
    }),
  );
  const FilterRules = [
    { Name: "prefix" as const, Value: "AWSLogs/" },
    { Name: "suffix" as const, Value: ".json.gz" },
  ];
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration: {
        QueueConfigurations: [
          {
            Id: "opentrail",
            QueueArn: Attributes?.QueueArn,
            Events: ["s3:ObjectCreated:*"],
            Filter: { Key: { FilterRules } },
          },
        ],
      },
    }),
  );
}

/** Puts a log file of AWS CloudTrail's into a bucket, under a name of its own. @returns its key */
export async function putLogFile(Bucket: string, name: string, records: readonly unknown[]): Promise<string> {
  const Key = `AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/2026/01/01/${ACCOUNT}_CloudTrail_us-east-1_20260101T0000Z_${name}.json.gz`;
  const Body = gzipSync(JSON.stringify({ Records: records }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body }));
  return Key;
}
