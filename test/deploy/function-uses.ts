import { gzipSync } from "node:zlib";
import {
  CloudTrailClient,
  CreateChannelCommand,
  CreateTrailCommand,
  DeleteChannelCommand,
  DeleteTrailCommand,
  GetTrailStatusCommand,
  LookupEventsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient, ScanCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient } from "@aws-sdk/client-sns";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { vi } from "vitest";
import { dynamoTrailStore } from "../../shared/adapters/aws/trail-store.ts";
import { signRequest } from "../../shared/api/sign-request.ts";
import { type DeployedStack, MOTO_ACCOUNT, sqsRecord } from "../support/deployed-stack.ts";
import { recordLine } from "../support/embedded-host.ts";
import { serveFunction } from "../support/function-url.ts";
import type { MotoClientConfig } from "../support/moto.ts";
import type { SdkCallRecorder } from "../support/sdk-calls.ts";
import { makeTrail } from "../support/trail.ts";

type Handler = (event: unknown, context?: unknown) => Promise<unknown>;

const DAY = 24 * 60 * 60_000;
const HOUR = 60 * 60_000;
const CREDENTIALS = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "alice-secret" };
const LOG_GROUP = "aws-cloudtrail-logs-audit";

/** What is known in all of the uses. */
interface World {
  readonly stack: DeployedStack;
  readonly config: MotoClientConfig;
  readonly recorder: SdkCallRecorder;
}

/** Puts what users bring: trails, one of which delivers to a bucket that is gone, a topic, a log group. */
export async function prepare({ stack, config }: World): Promise<void> {
  await stack.bucket("other-logs");
  await stack.bucket("source-logs");
  await stack.logGroup(LOG_GROUP);
  const { TopicArn = "" } = await new SNSClient(config).send(
    new CreateTopicCommand({ Name: "aws-cloudtrail-audit", Attributes: { KmsMasterKeyId: "alias/topics" } }),
  );
  const trails = dynamoTrailStore(new DynamoDBClient(config), stack.values.text({ Ref: "TrailsTable" }));
  const common = { accountId: MOTO_ACCOUNT, logFileValidationEnabled: true };
  await trails.put(
    makeTrail({
      ...common,
      name: "audit",
      s3BucketName: stack.values.text({ Ref: "TrailBucket" }),
      kmsKeyId: `arn:aws:kms:us-east-1:${MOTO_ACCOUNT}:key/trail-key`,
      snsTopicArn: TopicArn,
      cloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${MOTO_ACCOUNT}:log-group:${LOG_GROUP}:*`,
    }),
    0,
  );
  await trails.put(makeTrail({ ...common, name: "gone", s3BucketName: "other-gone" }), 1);
}

/**
 * Uses of the functions, in flow order, by the functions' names: each makes its function send every call that it knows,
 * also those for what went wrong before. They build on each other.
 */
export const FUNCTION_USES: Readonly<Record<string, (handler: Handler, world: World) => Promise<void>>> = {
  "ingest-activity-events": async (handler) => {
    const records = [
      recordLine({ requestParameters: { long: crypto.randomUUID().repeat(100) } }),
      recordLine(),
    ];
    await handler({ Records: records.map((line) => JSON.parse(line)) }, context());
  },

  "ingest-log-files": async (handler, { config }) => {
    const folder = `AWSLogs/${MOTO_ACCOUNT}/CloudTrail/us-east-1/2026/11/25`;
    const key = `${folder}/${MOTO_ACCOUNT}_CloudTrail_us-east-1_20261125T1200Z_abcdefghijklmnop.json.gz`;
    await s3Of(config).send(
      new PutObjectCommand({
        Bucket: "source-logs",
        Key: key,
        Body: gzipSync(
          `{"Records":[${recordLine({ requestParameters: { long: crypto.randomUUID().repeat(100) } })}]}`,
        ),
        ServerSideEncryption: "aws:kms",
        SSEKMSKeyId: `arn:aws:kms:us-east-1:${MOTO_ACCOUNT}:key/source-key`,
      }),
    );
    const notice = (name: string) => JSON.stringify({ s3Bucket: "source-logs", s3ObjectKey: [name] });
    const there = sqsRecord("there", notice(key));
    await handler({ Records: [there, sqsRecord("gone", notice(key.replace("abcd", "gone")))] });
  },

  "deliver-log-files": async (handler, world) => {
    const { stack, recorder } = world;
    const batch = await stack.batch("LogFilesQueue");
    await handler(batch);
    await reopenFiles(world);
    await handler(batch);
    // Somebody deletes the file between the refused put and the look at it.
    await reopenFiles(world);
    recorder.beforeNext("HeadObject", () => emptyTrailBucket(world));
    await handler(batch);
  },

  "deliver-log-groups": async (handler, { stack }) => {
    await handler(await stack.batch("LogGroupsQueue"));
  },

  "deliver-event-bus": async (handler, { stack }) => {
    await handler(await stack.batch("EventBusQueue"));
  },

  "deliver-history": async (handler, { stack }) => {
    const { Records } = await stack.batch("HistoryQueue");
    for (const record of Records) await handler({ Records: [record] });
  },

  "sweep-log-files": async (handler, world) => {
    const { recorder } = world;
    await reopenFiles(world);
    await putLogFiles(world);
    await handler({});
    await reopenFiles(world);
    recorder.beforeNext("HeadObject", () => emptyTrailBucket(world));
    await handler({});
  },

  "digest-files": async (handler, world) => {
    const { recorder } = world;
    const start = Date.now();
    await handler({});
    for (const at of [start + HOUR, start + 2 * HOUR, start + 92 * DAY]) {
      vi.setSystemTime(at);
      await reopenFiles(world);
      await putLogFiles(world);
      if (at === start + 2 * HOUR) recorder.beforeNext("HeadObject", () => emptyTrailBucket(world));
      await handler({});
    }
    vi.setSystemTime(start);
  },

  "restart-stopped-trail": (handler, world) => restartTrail(handler, world, "stopped"),

  "restart-stopped-trail-aws": (handler, world) => restartTrail(handler, world, "stopped-aws"),

  endpoint: async (handler, world) => {
    const url = await serveFunction((event) => handler(event) as never);
    try {
      await useEndpoint(url.endpoint, world);
    } finally {
      await url.close();
    }
  },
};

async function useEndpoint(endpoint: string, { stack, config }: World): Promise<void> {
  await new SecretsManagerClient(config).send(
    new PutSecretValueCommand({
      SecretId: "opentrail-prod-credentials",
      SecretString: JSON.stringify([
        {
          ...CREDENTIALS,
          accountId: MOTO_ACCOUNT,
          userIdentity: { type: "IAMUser", userName: "alice" },
          import: true,
        },
      ]),
    }),
  );
  const client = new CloudTrailClient({
    endpoint,
    region: "us-east-1",
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
  async function ask(method: "GET" | "POST", path: string, body = Buffer.alloc(0)): Promise<unknown> {
    const url = new URL(path, endpoint);
    const headers = signRequest({ method, url, body }, CREDENTIALS, "us-east-1", new Date());
    const answer = await fetch(url, { method, headers, ...(method === "POST" && { body }) });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  }

  const { TrailARN } = await client.send(
    new CreateTrailCommand({
      Name: "second",
      S3BucketName: "other-logs",
      SnsTopicName: "aws-cloudtrail-audit",
      CloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${MOTO_ACCOUNT}:log-group:${LOG_GROUP}:*`,
      CloudWatchLogsRoleArn: `arn:aws:iam::${MOTO_ACCOUNT}:role/logs`,
    }),
  );
  await client.send(new StartLoggingCommand({ Name: "audit" }));
  await client.send(new StopLoggingCommand({ Name: "audit" }));
  await client.send(new GetTrailStatusCommand({ Name: "audit" }));
  const { NextToken } = await client.send(new LookupEventsCommand({ MaxResults: 1 }));
  if (NextToken === undefined) throw new Error("There is no second page of the event history");
  await client.send(new LookupEventsCommand({ MaxResults: 1, NextToken }));
  const { ChannelArn } = await client.send(
    new CreateChannelCommand({
      Name: "app",
      Source: "Custom",
      Destinations: [
        {
          Type: "EVENT_DATA_STORE",
          Location: `arn:aws:cloudtrail:us-east-1:${MOTO_ACCOUNT}:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE`,
        },
      ],
    }),
  );
  await client.send(new DeleteChannelCommand({ Channel: ChannelArn }));
  // The status of its deliveries goes with it.
  await client.send(new DeleteTrailCommand({ Name: "audit" }));
  await client.send(new DeleteTrailCommand({ Name: TrailARN }));

  await ask("POST", "/_opentrail/public-keys/rotate?region=us-east-1");
  await ask(
    "POST",
    "/_opentrail/records",
    Buffer.from(recordLine({ requestParameters: { long: crypto.randomUUID().repeat(100) } })),
  );
  const key = `AWSLogs/${MOTO_ACCOUNT}/CloudTrail/us-east-1/2026/01/31/a.json.gz`;
  await ask(
    "POST",
    `/_opentrail/imports?${new URLSearchParams({ bucket: "old-logs", key, etag: "5f4d", first: "0", last: "true" })}`,
    Buffer.from(recordLine()),
  );
  await ask("GET", "/_opentrail/status");
  // A dead letter with a block that is beside its message.
  const { Records } = await stack.batch("LogFilesQueue");
  const sqs = new SQSClient({ ...config, useQueueUrlAsEndpoint: false });
  for (const { body } of Records) {
    const QueueUrl = stack.values.text({ Ref: "LogFilesDeadLetters" });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body }));
  }
  await ask("GET", "/_opentrail/dead-letters");
  await ask("POST", "/_opentrail/dead-letters/send-again", Buffer.from('{"all":true}'));
}

async function restartTrail(handler: Handler, { config }: World, Name: string): Promise<void> {
  await new CloudTrailClient(config).send(new CreateTrailCommand({ Name, S3BucketName: "other-logs" }));
  await handler(stopLogging(Name));
}

/** Makes the ledger as if every worker had died right before it settled its file. */
async function reopenFiles({ stack, config }: World): Promise<void> {
  const dynamo = new DynamoDBClient(config);
  const TableName = stack.values.text({ Ref: "LedgerTable" });
  const { Items = [] } = await dynamo.send(new ScanCommand({ TableName }));
  for (const { id } of Items.filter((item) => item.file !== undefined)) {
    await dynamo.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: id ?? { S: "" } },
        UpdateExpression: "SET #state = :open, leaseUntil = :past, openShard = :shard",
        ExpressionAttributeNames: { "#state": "state" },
        ExpressionAttributeValues: { ":open": { S: "open" }, ":past": { N: "1" }, ":shard": { N: "0" } },
      }),
    );
  }
}

/** Puts an object for each file of the ledger, as if every worker had got so far. */
async function putLogFiles({ stack, config }: World): Promise<void> {
  const TableName = stack.values.text({ Ref: "LedgerTable" });
  const { Items = [] } = await new DynamoDBClient(config).send(new ScanCommand({ TableName }));
  for (const { file } of Items.filter((item) => item.file !== undefined)) {
    const { bucket: Bucket, key: Key } = JSON.parse(file?.S ?? "");
    await s3Of(config).send(new PutObjectCommand({ Bucket, Key, Body: gzipSync('{"Records":[]}') }));
  }
}

async function emptyTrailBucket({ stack, config }: World): Promise<void> {
  const Bucket = stack.values.text({ Ref: "TrailBucket" });
  const { Contents = [] } = await s3Of(config).send(new ListObjectsV2Command({ Bucket }));
  for (const { Key } of Contents) await s3Of(config).send(new DeleteObjectCommand({ Bucket, Key }));
}

function s3Of(config: MotoClientConfig): S3Client {
  return new S3Client({ ...config, forcePathStyle: true });
}

function stopLogging(name: string) {
  return {
    account: MOTO_ACCOUNT,
    detail: {
      ...JSON.parse(recordLine()),
      eventSource: "cloudtrail.amazonaws.com",
      eventName: "StopLogging",
      requestParameters: { name },
    },
  };
}

/** The context of a Lambda function of the account. */
function context() {
  return {
    invokedFunctionArn: `arn:aws:lambda:us-east-1:${MOTO_ACCOUNT}:function:opentrail`,
    functionName: "opentrail",
  };
}
