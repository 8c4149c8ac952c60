import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type QueueAttributeName,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { inject } from "vitest";
import { emulatorSettings } from "./deployment.ts";

/** The account that MiniStack takes all keys for which are no account id. */
export const ACCOUNT = "000000000000";

/** What every name of the stack begins with. */
export const PREFIX = "opentrail-local-";

const settings = emulatorSettings(inject("emulator"));
const outputs = inject("outputs");

export const s3 = new S3Client({ ...settings, forcePathStyle: true });
export const logs = new CloudWatchLogsClient(settings);
export const events = new EventBridgeClient(settings);
export const sqs = new SQSClient(settings);
export const secrets = new SecretsManagerClient(settings);

/** An output of the stack. */
export function output(name: string): string {
  const value = outputs[name];
  if (value === undefined) throw new Error(`The stack has no output ${name}`);
  return value;
}

/** The key that the tests call the endpoint with. */
export const KEY = {
  accessKeyId: "OTFLOWTESTS",
  secretAccessKey: "the-secret-of-the-flow-tests",
  accountId: ACCOUNT,
  userIdentity: { type: "IAMUser", accountId: ACCOUNT, userName: "flow-tests" },
  import: true,
};

/** The CloudTrail API of the stack. */
export function cloudTrail(): CloudTrailClient {
  return new CloudTrailClient({ ...settings, endpoint: output("EndpointUrl"), credentials: KEY });
}

/** Asks until the answer is one. @throws Error with the last answer after a while */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  seconds = 90,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`After ${seconds} s: ${what}`);
    await sleep(500);
  }
}

/** A plausible management event of now. */
export function someRecord(fields: Readonly<Record<string, unknown>> = {}) {
  return {
    eventVersion: "1.11",
    userIdentity: {
      type: "IAMUser",
      accountId: ACCOUNT,
      userName: "ana",
      accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    },
    eventTime: new Date().toISOString().replace(/\.\d+/, ""),
    eventSource: "ec2.amazonaws.com",
    eventName: "RunInstances",
    awsRegion: "us-east-1",
    sourceIPAddress: "192.0.2.10",
    userAgent: "aws-cli/2",
    requestParameters: { instanceType: "t4g.small" },
    responseElements: null,
    requestID: randomUUID(),
    eventID: randomUUID(),
    readOnly: false,
    eventType: "AwsApiCall",
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: "Management",
    ...fields,
  };
}

/** How often each eventID stands in the log files under a prefix of the trail bucket. */
export async function deliveredEventIds(prefix: string): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const key of await logFileKeys(prefix)) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: output("TrailBucketName"), Key: key }));
    const body = (await Body?.transformToByteArray()) ?? new Uint8Array();
    for (const { eventID } of JSON.parse(gunzipSync(body).toString()).Records) {
      counts.set(eventID, (counts.get(eventID) ?? 0) + 1);
    }
  }
  return counts;
}

/** The keys of the log files under a prefix of the trail bucket. */
export async function logFileKeys(prefix: string): Promise<readonly string[]> {
  return (await keysUnder(prefix)).filter((key) => /\/CloudTrail\//.test(key));
}

/** The keys of the digest files under a prefix of the trail bucket. */
export async function digestKeys(prefix: string): Promise<readonly string[]> {
  return (await keysUnder(prefix)).filter((key) => /\/CloudTrail-Digest\//.test(key));
}

async function keysUnder(Prefix: string): Promise<readonly string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2(
    { client: s3 },
    { Bucket: output("TrailBucketName"), Prefix },
  )) {
    keys.push(...Contents.map(({ Key = "" }) => Key));
  }
  return keys;
}

/** The URL of a queue of the stack, by the name of its destination. */
export async function queueUrl(name: string): Promise<string> {
  const { QueueUrl = "" } = await sqs.send(new GetQueueUrlCommand({ QueueName: PREFIX + name }));
  return QueueUrl;
}

/** How many messages of a queue wait, and how many are in somebody's hands. */
export async function depthOf(name: string): Promise<number> {
  const names: QueueAttributeName[] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
  ];
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: await queueUrl(name), AttributeNames: names }),
  );
  return names.reduce((sum, attribute) => sum + Number(Attributes[attribute] ?? 0), 0);
}
