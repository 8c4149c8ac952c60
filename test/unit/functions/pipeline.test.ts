import { CloudTrailClient, CreateTrailCommand, GetTrailStatusCommand } from "@aws-sdk/client-cloudtrail";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { DESTINATIONS_ATTRIBUTE } from "../../../shared/adapters/aws/activity-topic.ts";
import { dynamoDeliveryStatus } from "../../../shared/adapters/aws/delivery-status.ts";
import { dynamoLedger } from "../../../shared/adapters/aws/ledger.ts";
import { dynamoTrailStore } from "../../../shared/adapters/aws/trail-store.ts";
import { systemClock } from "../../../shared/adapters/system-clock.ts";
import { DESTINATIONS, type Destination } from "../../../shared/event/block.ts";
import { DEFAULT_EVENT_SELECTION } from "../../../shared/selector/event-selection.ts";
import { createQueues, queueArn } from "../../support/aws-queues.ts";
import { createTable } from "../../support/aws-tables.ts";
import { describeWithMoto } from "../../support/moto.ts";

const ACCOUNT = "123456789012";
const TRAIL_ARN = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/audit`;
const LOG_GROUP = "trail-events";
const BUCKET = "trail-logs";

describeWithMoto("the functions, over AWS's services in moto", (config) => {
  const queueUrls = new Map<Destination | "emitted", string>();
  let sqs: SQSClient;
  let s3: S3Client;
  let tables: { trails: string; ledger: string; deliveryStatus: string; history: string; imports: string };

  beforeAll(async () => {
    const { endpoint, region, credentials } = config();
    sqs = new SQSClient({ ...config(), useQueueUrlAsEndpoint: false });
    s3 = new S3Client({ ...config(), forcePathStyle: true });
    const dynamo = new DynamoDBClient(config());
    tables = {
      trails: await createTable(dynamo, "trails"),
      ledger: await createTable(dynamo, "ledger"),
      deliveryStatus: await createTable(dynamo, "deliveryStatus"),
      history: await createTable(dynamo, "history"),
      imports: await createTable(dynamo, "imports"),
    };
    for (const Bucket of [BUCKET, "blocks"]) await s3.send(new CreateBucketCommand({ Bucket }));
    await new CloudWatchLogsClient(config()).send(new CreateLogGroupCommand({ logGroupName: LOG_GROUP }));
    const topicArn = await subscribedTopic();
    await busWithQueue();
    await dynamoTrailStore(dynamo, tables.trails).put(trail(), 0);

    const environment = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
      OPENTRAIL_TRAILS_TABLE: tables.trails,
      OPENTRAIL_LEDGER_TABLE: tables.ledger,
      OPENTRAIL_DELIVERY_STATUS_TABLE: tables.deliveryStatus,
      OPENTRAIL_HISTORY_TABLE: tables.history,
      OPENTRAIL_IMPORTS_TABLE: tables.imports,
      OPENTRAIL_BLOCKS_BUCKET: "blocks",
      OPENTRAIL_TOPIC_ARN: topicArn,
      OPENTRAIL_EVENT_BUS: "opentrail",
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });

  afterAll(() => {
    vi.unstubAllEnvs();
  });

  async function subscribedTopic(): Promise<string> {
    const sns = new SNSClient(config());
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "activity" }));
    for (const destination of DESTINATIONS) {
      const { queueUrl } = await createQueues(sqs, destination, 5);
      queueUrls.set(destination, queueUrl);
      const FilterPolicy = JSON.stringify({ [DESTINATIONS_ATTRIBUTE]: [destination] });
      await sns.send(
        new SubscribeCommand({
          TopicArn,
          Protocol: "sqs",
          Endpoint: await queueArn(sqs, queueUrl),
          Attributes: { RawMessageDelivery: "true", FilterPolicy },
        }),
      );
    }
    return TopicArn;
  }

  async function busWithQueue(): Promise<void> {
    const eventBridge = new EventBridgeClient(config());
    const { queueUrl } = await createQueues(sqs, "emitted", 5);
    queueUrls.set("emitted", queueUrl);
    const rule = { Name: "all", EventBusName: "opentrail" };
    const Targets = [{ Id: "queue", Arn: await queueArn(sqs, queueUrl) }];
    await eventBridge.send(new CreateEventBusCommand({ Name: "opentrail" }));
    const EventPattern = JSON.stringify({ source: [{ prefix: "opentrail." }] });
    await eventBridge.send(new PutRuleCommand({ ...rule, EventPattern }));
    await eventBridge.send(new PutTargetsCommand({ Rule: "all", EventBusName: "opentrail", Targets }));
  }

  /** What Lambda would hand over of a queue. The messages stay in the queue, out of sight. */
  async function batch(queue: Destination | "emitted"): Promise<SQSEvent> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrls.get(queue),
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 600,
      }),
    );
    return { Records: Messages.map(({ MessageId = "", Body = "" }) => sqsRecord(MessageId, Body)) };
  }

  it("records that an invocation hands over end in the log file, the log group and on the bus", async () => {
    const { handler: ingest } = await import("../../../functions/ingest/activity-events.ts");
    const { handler: logFiles } = await import("../../../functions/deliver/log-files.ts");
    const { handler: logGroups } = await import("../../../functions/deliver/log-groups.ts");
    const { handler: eventBus } = await import("../../../functions/deliver/event-bus.ts");

    const report = await ingest({ Records: [record("CreateUser"), record("DeleteUser"), {}] }, context());
    const files = await batch("log-files");
    const answers = [
      await logFiles(files),
      await logFiles(files),
      await logGroups(await batch("log-groups")),
      await eventBus(await batch("event-bus")),
    ];

    expect(report).toMatchObject({ accepted: 2, rejected: [{ index: 2 }] });
    expect(answers).toEqual(Array(4).fill({ batchItemFailures: [] }));
    expect(await loggedNames()).toEqual([["CreateUser", "DeleteUser"]]);
    expect(await groupNames()).toEqual(["CreateUser", "DeleteUser"]);
    expect(await emittedNames()).toEqual(["opentrail.iam CreateUser", "opentrail.iam DeleteUser"]);
    const status = dynamoDeliveryStatus(new DynamoDBClient(config()), tables.deliveryStatus);
    expect(Object.keys(await status.read(TRAIL_ARN)).sort()).toEqual(["cloudwatch-logs", "s3"]);
  });

  it("an SQS batch of EventBridge events is taken in, and what is none fails by its id", async () => {
    const { handler: ingest } = await import("../../../functions/ingest/activity-events.ts");
    const event = {
      "detail-type": "AWS API Call via CloudTrail",
      source: "aws.iam",
      account: ACCOUNT,
      detail: record("CreateRole"),
    };

    const answer = await ingest(
      { Records: [sqsRecord("good", JSON.stringify(event)), sqsRecord("bad", "{}")] },
      context(),
    );

    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: "bad" }] });
    expect((await batch("log-files")).Records).toHaveLength(1);
    expect((await batch("event-bus")).Records).toEqual([]);
  });

  it("log files that notifications tell of are taken in once; those that OpenTrail wrote itself are left alone", async () => {
    const { handler: ingest } = await import("../../../functions/ingest/log-files.ts");
    const { handler: logFiles } = await import("../../../functions/deliver/log-files.ts");
    const Key = `AWSLogs/${ACCOUNT}/CloudTrail/us-east-1/2026/01/31/${ACCOUNT}_CloudTrail_us-east-1_20260131T1205Z_AbCdEf0123456789.json.gz`;
    const { gzipSync } = await import("node:zlib");
    const Body = gzipSync(JSON.stringify({ Records: [record("CreateGroup"), { no: "record" }] }));
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body }));
    const notice = (key: string) => JSON.stringify({ s3Bucket: BUCKET, s3ObjectKey: [key] });
    const before = new Set(await loggedKeys());

    const first = await ingest(
      {
        Records: [sqsRecord("there", notice(Key)), sqsRecord("gone", notice(`${Key.slice(0, -8)}x.json.gz`))],
      },
      context(),
    );
    const again = await ingest({ Records: [sqsRecord("again", notice(Key))] }, context());
    const delivered = await batch("log-files");
    await logFiles(delivered);
    const own = (await loggedKeys()).filter((key) => !before.has(key));
    const looped = await ingest({ Records: own.map((key) => sqsRecord(key, notice(key))) }, context());

    expect(first).toEqual({ batchItemFailures: [{ itemIdentifier: "gone" }] });
    expect([again, looped]).toEqual(Array(2).fill({ batchItemFailures: [] }));
    expect(delivered.Records).toHaveLength(1);
    expect(own).toHaveLength(1);
    expect((await batch("log-files")).Records).toEqual([]);
    expect((await batch("event-bus")).Records).toEqual([]);
  });

  it.each(DESTINATIONS)("a message that is no block fails by its id in %s", async (stage) => {
    const { handler } = await import(`../../../functions/deliver/${stage}.ts`);

    const answer = await handler({ Records: [sqsRecord("a", "QUJD"), sqsRecord("b", "<xml/>")] });

    const ids = answer.batchItemFailures.map((failure: { itemIdentifier: string }) => failure.itemIdentifier);
    expect(ids.sort()).toEqual(["a", "b"]);
  });

  it("the sweeper voids a file whose worker is gone", async () => {
    const { handler: sweep } = await import("../../../functions/sweep/log-files.ts");
    const ledger = dynamoLedger(new DynamoDBClient(config()), systemClock, tables.ledger);
    await ledger.openFile({
      id: `${BUCKET}/abandoned`,
      bucket: BUCKET,
      key: "abandoned",
      trailArn: TRAIL_ARN,
      recipientAccountId: ACCOUNT,
      awsRegion: "us-east-1",
      kind: "management",
      state: "open",
      leaseUntil: Date.now() - 1,
    });

    const report = await sweep({});

    expect(report).toEqual({ settled: 0, voided: 1, unreachable: 0 });
    expect(await ledger.expiredFiles(Date.now(), 10)).toEqual([]);
  });

  it("a stopped trail is started over the CloudTrail API", async () => {
    const { handler: restart } = await import("../../../functions/remediate/restart-stopped-trail.ts");
    const cloudTrail = new CloudTrailClient(config());
    await cloudTrail.send(new CreateTrailCommand({ Name: "audit", S3BucketName: BUCKET }));
    const detail = {
      ...record("StopLogging"),
      eventSource: "cloudtrail.amazonaws.com",
      eventID: "stop",
      requestParameters: { name: "audit" },
    };

    const first = await restart({ account: ACCOUNT, detail });
    const gone = await restart({
      account: ACCOUNT,
      detail: { ...detail, requestParameters: { name: "gone" } },
    });

    expect([first.outcome, gone.outcome]).toEqual(["restarted", "trail-gone"]);
    const status = await cloudTrail.send(new GetTrailStatusCommand({ Name: "audit" }));
    expect(status.IsLogging).toBe(true);
  });

  /** Event names by log file of the trail; the SDK undoes no Content-Encoding. */
  async function loggedNames(): Promise<readonly string[][]> {
    const { gunzipSync } = await import("node:zlib");
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    return Promise.all(
      Contents.map(async ({ Key }) => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
        const { Records } = JSON.parse(
          gunzipSync((await Body?.transformToByteArray()) ?? Buffer.alloc(0)).toString(),
        );
        return Records.map(({ eventName }: { eventName: string }) => eventName);
      }),
    );
  }

  async function loggedKeys(): Promise<readonly string[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    return Contents.map(({ Key = "" }) => Key);
  }

  async function groupNames(): Promise<readonly string[]> {
    const { events = [] } = await new CloudWatchLogsClient(config()).send(
      new FilterLogEventsCommand({ logGroupName: LOG_GROUP }),
    );
    return events.map(({ message = "{}" }) => JSON.parse(message).eventName);
  }

  async function emittedNames(): Promise<readonly string[]> {
    const { Records } = await batch("emitted");
    return Records.map(({ body }) => JSON.parse(body))
      .map(({ source, detail }) => `${source} ${detail.eventName}`)
      .sort();
  }
});

function record(eventName: string) {
  return {
    eventTime: new Date().toISOString().replace(/\.\d+/, ""),
    eventSource: "iam.amazonaws.com",
    eventName,
    awsRegion: "us-east-1",
    readOnly: false,
  };
}

function trail() {
  return {
    trailArn: TRAIL_ARN,
    accountId: ACCOUNT,
    homeRegion: "us-east-1",
    name: "audit",
    s3BucketName: BUCKET,
    cloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${LOG_GROUP}:*`,
    isMultiRegionTrail: true,
    includeGlobalServiceEvents: true,
    logFileValidationEnabled: false,
    selection: DEFAULT_EVENT_SELECTION,
    isLogging: true,
    createdAt: Date.UTC(2026, 0, 1),
  };
}

function sqsRecord(messageId: string, body: string): SQSRecord {
  return { messageId, body, eventSource: "aws:sqs" } as SQSRecord;
}

/** The context of a Lambda function of the account. */
function context() {
  return {
    invokedFunctionArn: `arn:aws:lambda:us-east-1:${ACCOUNT}:function:activity-events`,
    functionName: "activity-events",
  } as never;
}
