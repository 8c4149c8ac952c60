import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import type { Context, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { decodeActivityMessage } from "../../../shared/adapters/aws/activity-message.ts";
import { dynamoTrailStore } from "../../../shared/adapters/aws/trail-store.ts";
import { unpackBlock } from "../../../shared/event/block-codec.ts";
import { DEFAULT_EVENT_SELECTION } from "../../../shared/selector/event-selection.ts";
import { createQueues, queueArn } from "../../support/aws-queues.ts";
import { createTable } from "../../support/aws-tables.ts";
import { describeWithMoto } from "../../support/moto.ts";

/** The stack's account and region, and those that the collector is in. */
const HOME = { account: "111122223333", region: "us-east-1" };
const AWAY = { account: "444455556666", region: "eu-west-1" };
const HOME_ROLE = `arn:aws:iam::${HOME.account}:role/opentrail-prod-us-east-1-collector`;
const BLOCKS = "opentrail-blocks";

describeWithMoto("a collector of another account and region, over moto", (config) => {
  let sqs: SQSClient;
  let s3: S3Client;
  let queueUrl: string;

  beforeAll(async () => {
    const home = { ...config(), region: HOME.region, credentials: await credentialsOf(HOME.account) };
    const dynamo = new DynamoDBClient(home);
    const sns = new SNSClient(home);
    sqs = new SQSClient({ ...home, useQueueUrlAsEndpoint: false });
    s3 = new S3Client({ ...home, forcePathStyle: true });
    const trails = await createTable(dynamo, "trails");
    await dynamoTrailStore(dynamo, trails).put(trail(), 0);
    await s3.send(new CreateBucketCommand({ Bucket: BLOCKS }));
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "activity" }));
    ({ queueUrl } = await createQueues(sqs, "log-files", 5));
    const Endpoint = await queueArn(sqs, queueUrl);
    const Attributes = { RawMessageDelivery: "true" };
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes }));
    const away = await credentialsOf(AWAY.account);
    const environment = {
      AWS_ENDPOINT_URL: config().endpoint,
      AWS_REGION: AWAY.region,
      AWS_ACCESS_KEY_ID: away.accessKeyId,
      AWS_SECRET_ACCESS_KEY: away.secretAccessKey,
      AWS_SESSION_TOKEN: away.sessionToken,
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
      OPENTRAIL_HOME_REGION: HOME.region,
      OPENTRAIL_HOME_ROLE_ARN: HOME_ROLE,
      OPENTRAIL_TRAILS_TABLE: trails,
      OPENTRAIL_BLOCKS_BUCKET: BLOCKS,
      OPENTRAIL_TOPIC_ARN: TopicArn,
      OPENTRAIL_TOPIC_MAX_MESSAGE_BYTES: "4096",
      OPENTRAIL_OWN_ROLES: `arn:aws:iam::${AWAY.account}:role/opentrail-prod-collector`,
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });

  afterAll(() => {
    vi.unstubAllEnvs();
  });

  async function credentialsOf(account: string) {
    const { Credentials } = await new STSClient(config()).send(
      new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/test`, RoleSessionName: "test" }),
    );
    const { AccessKeyId = "", SecretAccessKey = "", SessionToken = "" } = Credentials ?? {};
    return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
  }

  it("publishes a batch of its own region's events at home, by the trails that are there", async () => {
    const { handler } = await import("../../../functions/collect/activity-events.ts");
    const own = `arn:aws:sts::${AWAY.account}:assumed-role/opentrail-prod-collector/x`;
    const events = [
      event("CreateUser"),
      event("DeleteUser"),
      event("AssumeRole", { userIdentity: { type: "AssumedRole", arn: own } }),
    ];

    const answer = await handler(
      { Records: [...events.map((body, index) => sqsRecord(`${index}`, body)), sqsRecord("bad", {})] },
      {} as Context,
    );

    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: 10 }),
    );
    const message = decodeActivityMessage(Messages[0]?.Body ?? "");
    const block = "block" in message ? await unpackBlock(message.block) : undefined;
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
    expect(Messages).toHaveLength(1);
    expect(block).toMatchObject({ accountId: AWAY.account, origin: "eventbridge" });
    expect(JSON.parse(`[${block?.text}]`).map(({ eventName }: { eventName: string }) => eventName)).toEqual([
      "CreateUser",
      "DeleteUser",
    ]);
  });

  it("keeps a block that does not fit a message in the home stack's bucket", async () => {
    const { handler } = await import("../../../functions/collect/activity-events.ts");
    const large = event("PutRolePolicy", {
      requestParameters: {
        policyDocument: Buffer.from(crypto.getRandomValues(new Uint8Array(8_000))).toString("hex"),
      },
    });

    const answer = await handler({ Records: [sqsRecord("large", large)] }, {} as Context);

    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BLOCKS }));
    expect(answer).toEqual({ batchItemFailures: [] });
    expect(Contents).toHaveLength(1);
  });
});

function event(eventName: string, fields: object = {}): object {
  const detail = {
    eventTime: "2026-01-31T12:00:00Z",
    eventSource: "iam.amazonaws.com",
    eventName,
    awsRegion: AWAY.region,
    ...fields,
  };
  return {
    "detail-type": "AWS API Call via CloudTrail",
    source: "aws.iam",
    account: AWAY.account,
    region: AWAY.region,
    detail,
  };
}

function sqsRecord(messageId: string, body: object): SQSRecord {
  return { messageId, body: JSON.stringify(body), eventSource: "aws:sqs" } as SQSRecord;
}

/** A trail of the account that the collector is in: trails are at home, whoever's they are. */
function trail() {
  return {
    trailArn: `arn:aws:cloudtrail:${HOME.region}:${AWAY.account}:trail/audit`,
    accountId: AWAY.account,
    homeRegion: HOME.region,
    name: "audit",
    s3BucketName: "trail-logs",
    isMultiRegionTrail: true,
    includeGlobalServiceEvents: true,
    logFileValidationEnabled: false,
    selection: DEFAULT_EVENT_SELECTION,
    isLogging: true,
    createdAt: Date.UTC(2026, 0, 1),
  };
}
