import { gzipSync } from "node:zlib";
import {
  CloudTrailClient,
  CreateChannelCommand,
  CreateTrailCommand,
  DescribeTrailsCommand,
  GetTrailStatusCommand,
  ListPublicKeysCommand,
  LookupEventsCommand,
  type LookupEventsCommandOutput,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CloudWatchLogsClient, CreateLogGroupCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent, SQSRecord } from "aws-lambda";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { DESTINATIONS_ATTRIBUTE } from "../../../shared/adapters/aws/activity-topic.ts";
import type { SqsQueueSettings } from "../../../shared/adapters/aws/message-queue.ts";
import { remediationAccessKeyId } from "../../../shared/api/remediation-identity.ts";
import { signRequest } from "../../../shared/api/sign-request.ts";
import { DESTINATIONS, type Destination } from "../../../shared/event/block.ts";
import { describeWithAwsCli } from "../../support/aws-cli.ts";
import { createQueues, queueArn } from "../../support/aws-queues.ts";
import { createTable } from "../../support/aws-tables.ts";
import { recordLine } from "../../support/embedded-host.ts";
import { type FunctionUrl, serveFunction } from "../../support/function-url.ts";
import { describeWithMoto } from "../../support/moto.ts";
import { runCommandWith } from "../../support/run-command.ts";

/** Moto's own: a trail's log group is in the caller's account. */
const ACCOUNT = "123456789012";
const MANAGEMENT = "111122223333";
const ALICE = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "alice-secret" };
const MANAGER = { accessKeyId: "AKIAI44QH8DHBEXAMPLE", secretAccessKey: "manager-secret" };
const REGION = "us-east-1";
const REMEDIATION_SECRET = "the-stack's-own";
const BUCKET = "trail-logs";
const HOUR = 60 * 60_000;

describeWithMoto("the endpoint's function, over AWS's services in moto", (config) => {
  const queues = new Map<Destination, SqsQueueSettings>();
  let sqs: SQSClient;
  let url: FunctionUrl;

  beforeAll(async () => {
    const { endpoint, region, credentials } = config();
    sqs = new SQSClient({ ...config(), useQueueUrlAsEndpoint: false });
    const s3 = new S3Client({ ...config(), forcePathStyle: true });
    const dynamo = new DynamoDBClient(config());
    for (const Bucket of [BUCKET, "blocks"]) await s3.send(new CreateBucketCommand({ Bucket }));
    await new CloudWatchLogsClient(config()).send(
      new CreateLogGroupCommand({ logGroupName: "trail-events" }),
    );
    const environment = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
      OPENTRAIL_TRAILS_TABLE: await createTable(dynamo, "trails"),
      OPENTRAIL_SETTINGS_TABLE: await createTable(dynamo, "settings"),
      OPENTRAIL_DIGESTS_TABLE: await createTable(dynamo, "digests"),
      OPENTRAIL_DELIVERY_STATUS_TABLE: await createTable(dynamo, "deliveryStatus"),
      OPENTRAIL_HISTORY_TABLE: await createTable(dynamo, "history"),
      OPENTRAIL_IMPORTS_TABLE: await createTable(dynamo, "imports"),
      OPENTRAIL_LEDGER_TABLE: await createTable(dynamo, "ledger"),
      OPENTRAIL_BLOCKS_BUCKET: "blocks",
      OPENTRAIL_TOPIC_ARN: await subscribedTopic(),
      OPENTRAIL_QUEUES: JSON.stringify([...queues.values()]),
      OPENTRAIL_CREDENTIALS_SECRET: await secret(
        JSON.stringify([
          { ...ALICE, accountId: ACCOUNT, userIdentity: { type: "IAMUser", userName: "alice" } },
          { ...MANAGER, accountId: MANAGEMENT, userIdentity: { type: "IAMUser", userName: "manager" } },
        ]),
      ),
      OPENTRAIL_REMEDIATION_SECRET_ID: await secret(REMEDIATION_SECRET),
      OPENTRAIL_ORGANIZATION: JSON.stringify({
        id: "o-exampleorgid",
        managementAccountId: MANAGEMENT,
        memberAccountIds: [ACCOUNT],
      }),
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { handler } = await import("../../../functions/api/endpoint.ts");
    url = await serveFunction((event) => handler(event));
  });

  afterAll(async () => {
    await url?.close();
    vi.unstubAllEnvs();
  });

  async function secret(SecretString: string): Promise<string> {
    const client = new SecretsManagerClient(config());
    const Name = crypto.randomUUID();
    return (await client.send(new CreateSecretCommand({ Name, SecretString }))).ARN ?? "";
  }

  async function subscribedTopic(): Promise<string> {
    const sns = new SNSClient(config());
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "activity" }));
    for (const destination of DESTINATIONS) {
      const queue = await createQueues(sqs, destination, 5);
      queues.set(destination, queue);
      const FilterPolicy = JSON.stringify({ [DESTINATIONS_ATTRIBUTE]: [destination] });
      const Endpoint = await queueArn(sqs, queue.queueUrl);
      const Attributes = { RawMessageDelivery: "true", FilterPolicy };
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes }));
    }
    return TopicArn;
  }

  function settings(credentials: object = ALICE, region = REGION) {
    return { endpoint: url.endpoint, region, credentials: { ...ALICE, ...credentials }, maxAttempts: 1 };
  }

  const cloudTrail = (credentials?: object, region?: string): CloudTrailClient =>
    new CloudTrailClient(settings(credentials, region));

  /** Sends a request as Alice, and reads the answer as JSON. */
  async function ask(
    method: "GET" | "POST",
    path: string,
    body = Buffer.alloc(0),
    headers: object = {},
    service?: "cloudtrail-data",
  ): Promise<Record<string, unknown>> {
    const target = new URL(path, url.endpoint);
    const signature = signRequest({ method, url: target, body }, ALICE, REGION, new Date(), service);
    const answer = await fetch(target, {
      method,
      headers: { ...headers, ...signature },
      ...(method === "POST" && { body }),
    });
    return (await answer.json()) as Record<string, unknown>;
  }

  /** What Lambda would hand over of a queue. */
  async function batch(destination: Destination): Promise<SQSEvent> {
    const Records: SQSRecord[] = [];
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queues.get(destination)?.queueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: 600,
        }),
      );
      if (Messages.length === 0) return { Records };
      Records.push(...Messages.map(({ MessageId = "", Body = "" }) => sqsRecord(MessageId, Body)));
    }
  }

  it("a trail is made, and refused where its bucket, topic or log group is not there", async () => {
    const client = cloudTrail();
    const roleArn = `arn:aws:iam::${ACCOUNT}:role/logs`;
    const group = (name: string) => `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}:*`;
    const create = (changes: object) =>
      client
        .send(
          new CreateTrailCommand({
            Name: "audit",
            S3BucketName: BUCKET,
            IsMultiRegionTrail: true,
            EnableLogFileValidation: true,
            ...changes,
          }),
        )
        .then(
          ({ TrailARN }) => TrailARN,
          (error: Error) => `${error.name}: ${error.message}`,
        );

    const answers = [
      await create({ S3BucketName: "no-such-bucket" }),
      await create({ SnsTopicName: "no-such-topic" }),
      await create({ CloudWatchLogsLogGroupArn: group("none"), CloudWatchLogsRoleArn: roleArn }),
      await create({ CloudWatchLogsLogGroupArn: group("trail-events"), CloudWatchLogsRoleArn: roleArn }),
    ];

    expect(answers).toEqual([
      "S3BucketDoesNotExistException: S3 bucket no-such-bucket does not exist!",
      "InsufficientSnsTopicPolicyException: SNS Topic does not exist or the topic policy is incorrect!",
      "InvalidCloudWatchLogsLogGroupArnException: CloudTrail cannot validate the specified log group ARN.",
      `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/audit`,
    ]);
    await client.send(new StartLoggingCommand({ Name: "audit" }));
    expect((await client.send(new GetTrailStatusCommand({ Name: "audit" }))).IsLogging).toBe(true);
  });

  it("activity events, bulk records and the calls themselves reach the queues, and LookupEvents finds them", async () => {
    const client = cloudTrail();
    const { ChannelArn } = await client.send(
      new CreateChannelCommand({
        Name: "app",
        Source: "Custom",
        Destinations: [
          {
            Type: "EVENT_DATA_STORE",
            Location: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE`,
          },
        ],
      }),
    );
    const eventData = auditEvent("PlaceOrder");

    const put = await ask(
      "POST",
      `/PutAuditEvents?channelArn=${encodeURIComponent(ChannelArn ?? "")}`,
      Buffer.from(JSON.stringify({ auditEvents: [{ id: "one", eventData }] })),
      { "content-type": "application/json" },
      "cloudtrail-data",
    );
    const records = Buffer.from(
      [recordLine({ eventName: "CreateUser", recipientAccountId: ACCOUNT }), "{}"].join("\n"),
    );
    const bulk = await ask("POST", "/_opentrail/records", gzipSync(records), { "content-encoding": "gzip" });

    expect(put).toMatchObject({ failed: [], successful: [{ id: "one" }] });
    expect(bulk).toMatchObject({ accepted: 1, rejected: [{ index: 1 }] });
    const { handler: deliverHistory } = await import("../../../functions/deliver/history.ts");
    expect(await deliverHistory(await batch("history"))).toEqual({ batchItemFailures: [] });
    const { Events = [] } = await client.send(new LookupEventsCommand({}));
    const names = Events.map(({ EventName }) => EventName);
    expect(names).toEqual(
      expect.arrayContaining(["CreateUser", "CreateTrail", "StartLogging", "CreateChannel"]),
    );
    const own = Events.find(({ EventName }) => EventName === "StartLogging");
    expect(JSON.parse(own?.CloudTrailEvent ?? "")).toMatchObject({
      userIdentity: { userName: "alice" },
      sourceIPAddress: "192.0.2.7",
    });
    const page = await ask("GET", "/_opentrail/events?EventName=CreateUser&EventName=StartLogging");
    expect(page).toMatchObject({ events: [{ EventName: "CreateUser" }, { EventName: "StartLogging" }] });
  });

  it("a log file is imported once, and one of an account that is not the caller's needs a key that may import", async () => {
    const page = (account: string) =>
      `/_opentrail/imports?${new URLSearchParams({
        bucket: "trail-logs",
        key: `logs of ü/AWSLogs/${account}/CloudTrail/us-east-1/2026/01/31/a.json.gz`,
        etag: "5f4d",
        first: "0",
        last: "true",
      })}`;
    const file = Buffer.from(JSON.stringify({ Records: [{ not: "a record" }] }));

    const first = await ask("POST", page(ACCOUNT), file);
    const again = await ask("POST", page(ACCOUNT), file);
    const foreign = await ask("POST", page(MANAGEMENT), file);

    expect(first).toMatchObject({ accepted: 0, rejected: [{ index: 0 }], importedBefore: 0 });
    expect(again).toMatchObject({ accepted: 0, rejected: [], importedBefore: 1 });
    expect(foreign).toMatchObject({ code: "AccessDenied" });
  });

  it("pages of LookupEvents fit Lambda's answer, however long their records are", async () => {
    const record = (id: number) =>
      recordLine({
        eventName: "PutLong",
        recipientAccountId: ACCOUNT,
        requestParameters: { id, quotes: '"'.repeat(450_000) },
      });
    for (const half of [0, 1]) {
      const body = Buffer.from([0, 1, 2].map((id) => record(3 * half + id)).join("\n"));
      const { accepted } = await ask("POST", "/_opentrail/records", gzipSync(body), {
        "content-encoding": "gzip",
      });
      expect(accepted).toBe(3);
    }
    const { handler: deliverHistory } = await import("../../../functions/deliver/history.ts");
    expect(await deliverHistory(await batch("history"))).toEqual({ batchItemFailures: [] });

    const ids: number[] = [];
    let pages = 0;
    let NextToken: string | undefined;
    do {
      const page: LookupEventsCommandOutput = await cloudTrail().send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: "EventName", AttributeValue: "PutLong" }],
          NextToken,
        }),
      );
      ids.push(
        ...(page.Events ?? []).map(
          ({ CloudTrailEvent = "" }) => JSON.parse(CloudTrailEvent).requestParameters.id,
        ),
      );
      pages += 1;
      NextToken = page.NextToken;
    } while (NextToken !== undefined);

    expect(ids.sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(pages).toBeGreaterThan(1);
  });

  it("keys are made, listed and replaced in KMS", async () => {
    const made = await ask("POST", "/_opentrail/public-keys/rotate?region=eu-west-1");
    const again = await ask("POST", "/_opentrail/public-keys/rotate?region=eu-west-1");
    const listed = await cloudTrail(ALICE, "eu-west-1").send(
      new ListPublicKeysCommand({ StartTime: new Date(Date.now() - 60_000), EndTime: new Date() }),
    );

    const fingerprints = (listed.PublicKeyList ?? []).map(({ Fingerprint }) => Fingerprint);
    expect(fingerprints).toHaveLength(2);
    expect([made, again]).toMatchObject(
      fingerprints.map((Fingerprint) => ({ PublicKeyList: [{ Fingerprint }] })),
    );
    expect(await ask("GET", "/_opentrail/public-keys")).toMatchObject({
      PublicKeyList: [{ Region: "*" }, { Region: "*" }],
    });
  });

  it("an organization's trail is its members' too", async () => {
    const arn = `arn:aws:cloudtrail:${REGION}:${MANAGEMENT}:trail/everybody`;
    await cloudTrail(MANAGER).send(
      new CreateTrailCommand({ Name: "everybody", S3BucketName: BUCKET, IsOrganizationTrail: true }),
    );

    const { trailList = [] } = await cloudTrail().send(new DescribeTrailsCommand({}));

    expect(trailList.map(({ TrailARN }) => TrailARN)).toContain(arn);
  });

  it("status and health tell the queues, and dead letters are sent again", async () => {
    const eventBus = queues.get("event-bus");
    await sqs.send(new SendMessageCommand({ QueueUrl: eventBus?.deadLetterUrl, MessageBody: "no block" }));

    const status = await ask("GET", "/_opentrail/status");
    const health = await (await fetch(`${url.endpoint}/_opentrail/health`)).json();
    const before = await ask("GET", "/_opentrail/dead-letters");
    const sent = await ask("POST", "/_opentrail/dead-letters/send-again", Buffer.from('{"all":true}'));

    expect(status).toMatchObject({
      host: "aws",
      stages: DESTINATIONS.map((name) => ({ name })),
      trails: expect.arrayContaining([expect.objectContaining({ isLogging: true, s3BucketName: BUCKET })]),
    });
    expect(health).toMatchObject({ status: "ok", host: "aws", oldestUndeliveredAgeSeconds: null });
    expect(before).toMatchObject({ total: 1, deadLetters: [{ queue: "event-bus" }] });
    expect(sent).toEqual({ sentAgain: 1, notFound: [], left: 0 });
    expect(await ask("GET", "/_opentrail/dead-letters")).toMatchObject({ total: 0 });
  });

  describe("who may call", () => {
    const codeOf = (client: CloudTrailClient): Promise<string> =>
      client.send(new DescribeTrailsCommand({})).then(
        () => "answered",
        (error: Error) => error.name,
      );

    it.each([
      ["an unknown key", { accessKeyId: "AKIDEXAMPLE" }, "UnrecognizedClientException"],
      ["an account's id as key", { accessKeyId: ACCOUNT }, "UnrecognizedClientException"],
      ["a wrong secret", { secretAccessKey: "guessed" }, "InvalidSignatureException"],
      [
        "a remediation with another secret",
        { accessKeyId: remediationAccessKeyId(ACCOUNT) },
        "InvalidSignatureException",
      ],
      [
        "a remediation with the stack's secret",
        { accessKeyId: remediationAccessKeyId(ACCOUNT), secretAccessKey: REMEDIATION_SECRET },
        "answered",
      ],
    ])("%s: %s", async (_who, credentials, outcome) => {
      expect(await codeOf(cloudTrail(credentials))).toBe(outcome);
    });

    it("a clock that is off by more than 15 minutes is refused", async () => {
      const client = new CloudTrailClient({ ...settings(), systemClockOffset: -16 * 60_000 });

      expect(await codeOf(client)).toBe("InvalidSignatureException");
    });

    it("pages need a signature, and health does not", async () => {
      const statusOf = async (page: string): Promise<number> =>
        (await fetch(`${url.endpoint}/_opentrail/${page}`)).status;

      expect([await statusOf("status"), await statusOf("events"), await statusOf("dead-letters")]).toEqual([
        403, 403, 403,
      ]);
      expect(await statusOf("health")).toBe(200);
    });

    it("a path that is nobody's is an operation that is not known", async () => {
      const answer = await ask("POST", "/nothing/here");

      expect(answer).toMatchObject({ __type: "UnknownOperationException" });
    });
  });

  describeWithAwsCli("the AWS CLI", (aws) => {
    const asAlice = {
      AWS_ACCESS_KEY_ID: ALICE.accessKeyId,
      AWS_SECRET_ACCESS_KEY: ALICE.secretAccessKey,
    };

    it("puts audit events into a channel, which it makes", async () => {
      const store = `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:eventdatastore/EXAMPLE-f852-4e8f-8bd1-bcf6cEXAMPLE`;
      const made = await aws(
        url.endpoint,
        [
          ...["cloudtrail", "create-channel", "--name", "cli", "--source", "Custom"],
          ...["--destinations", JSON.stringify([{ Type: "EVENT_DATA_STORE", Location: store }])],
        ],
        asAlice,
      );
      const put = (keys: Record<string, string>) =>
        aws(
          url.endpoint,
          [
            ...["cloudtrail-data", "put-audit-events", "--channel-arn", JSON.parse(made.stdout).ChannelArn],
            ...["--audit-events", JSON.stringify([{ id: "one", eventData: auditEvent("CancelOrder") }])],
          ],
          keys,
        );

      const taken = await put(asAlice);
      const refused = await put({ ...asAlice, AWS_SECRET_ACCESS_KEY: "guessed" });

      expect(JSON.parse(taken.stdout)).toMatchObject({ successful: [{ id: "one" }], failed: [] });
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stderr).toContain("InvalidSignatureException");
    });

    it("validates, as our command does, all that the functions delivered: with keys of the endpoint's, and AWS's for S3", async () => {
      const { handler: logFiles } = await import("../../../functions/deliver/log-files.ts");
      const { handler: digestFiles } = await import("../../../functions/digest/digest-files.ts");
      expect(await logFiles(await batch("log-files"))).toEqual({ batchItemFailures: [] });
      // The first run finds that the chain has begun, and a run after its first hour makes the digest.
      await digestFiles(undefined);
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + HOUR });
      const digests = await digestFiles(undefined);
      vi.useRealTimers();
      const range = [
        ...["--trail-arn", `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/audit`],
        ...["--start-time", new Date(Date.now() - HOUR).toISOString()],
        ...["--end-time", new Date(Date.now() + 2 * HOUR).toISOString()],
      ];

      const ours = await runCommandWith(
        {
          OPENTRAIL_ACCESS_KEY_ID: ALICE.accessKeyId,
          OPENTRAIL_SECRET_ACCESS_KEY: ALICE.secretAccessKey,
          AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
          AWS_ENDPOINT_URL: "",
        },
        url.endpoint,
        ...["validate-logs", ...range, "--endpoint", url.endpoint, "--s3-endpoint", config().endpoint],
      );
      const theirs = await aws(url.endpoint, ["cloudtrail", "validate-logs", ...range], {
        AWS_ENDPOINT_URL_S3: config().endpoint,
        ...asAlice,
      });

      // That of eu-west-1, too, where ListPublicKeys was called.
      expect(digests).toEqual({ delivered: 2, backfills: 0, failed: 0 });
      expect(ours).toMatchObject({ code: 0, err: "" });
      expect(theirs).toMatchObject({ exitCode: 0, stderr: "" });
      for (const out of [ours.out, theirs.stdout]) {
        expect(out).toMatch(/1\/1 digest files valid/);
        expect(out).toMatch(/(\d+)\/\1 log files valid/);
      }
    });
  });

  it("the handler of a stopped trail starts it again with the stack's secret", async () => {
    vi.stubEnv("AWS_ENDPOINT_URL_CLOUDTRAIL", url.endpoint);
    const { CloudTrailClient: Client, StopLoggingCommand } = await import("@aws-sdk/client-cloudtrail");
    const client = new Client(settings());
    await client.send(new StopLoggingCommand({ Name: "audit" }));
    const { handler } = await import("../../../functions/remediate/restart-stopped-trail.ts");
    const { default: event } = await import("../../../events/4-remediate/stop-logging.json", {
      with: { type: "json" },
    });
    const detail = {
      ...event.detail,
      recipientAccountId: ACCOUNT,
      awsRegion: REGION,
      requestParameters: { name: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/audit` },
    };

    const report = await handler({ ...event, account: ACCOUNT, region: REGION, detail });

    expect(report).toMatchObject({ outcome: "restarted" });
    expect((await client.send(new GetTrailStatusCommand({ Name: "audit" }))).IsLogging).toBe(true);
  });
});

/** The data of an application's event, now. */
function auditEvent(eventName: string): string {
  return JSON.stringify({
    version: "1",
    userIdentity: { type: "user", principalId: "p-1" },
    eventSource: "shop.example.com",
    eventName,
    eventTime: new Date().toISOString(),
    UID: "one",
  });
}

function sqsRecord(messageId: string, body: string): SQSRecord {
  return {
    messageId,
    body,
    receiptHandle: "receipt",
    attributes: {
      ApproximateReceiveCount: "1",
      SentTimestamp: "0",
      SenderId: "AIDAEXAMPLE",
      ApproximateFirstReceiveTimestamp: "0",
    },
    messageAttributes: {},
    md5OfBody: "",
    eventSource: "aws:sqs",
    eventSourceARN: "arn:aws:sqs:us-east-1:111122223333:deliver",
    awsRegion: REGION,
  };
}
