import { cpSync } from "node:fs";
import { CloudTrailClient, GetTrailStatusCommand, UpdateTrailCommand } from "@aws-sdk/client-cloudtrail";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import {
  CreateTopicCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { afterEach, beforeEach, expect, test } from "vitest";
import { clientSettings, makeTrail, putRecords, waitUntilDelivered } from "../support/embedded-client.ts";
import { recordLine, startTestHost, type TestHost, testHostOptions } from "../support/embedded-host.ts";
import { readLogFiles } from "../support/log-files.ts";
import { type SnsEndpoint, startSnsEndpoint } from "../support/sns-endpoint.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const TOPIC = "arn:aws:sns:us-east-1:111122223333:deliveries";
const BUCKET = "notified-logs";

let endpoint: SnsEndpoint;

beforeEach(async () => {
  endpoint = await startSnsEndpoint();
});

afterEach(() => endpoint.close());

/** The messages that were published, in the order of their coming. */
const messages = (): readonly string[] =>
  endpoint.deliveries.flatMap(({ type, body }) =>
    type === "Notification" ? [JSON.parse(body).Message] : [],
  );

const keysToldOf = (): readonly string[] =>
  messages()
    .filter((message) => message.startsWith("{"))
    .flatMap((message) => JSON.parse(message).s3ObjectKey);

/** A topic that services may publish to, with the endpoint as its confirmed subscriber. */
async function makeTopic(host: TestHost, services: readonly string[]): Promise<SNSClient> {
  const sns = new SNSClient(clientSettings(host.endpoint));
  await sns.send(new CreateTopicCommand({ Name: "deliveries" }));
  await allow(sns, services);
  await sns.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: "http", Endpoint: endpoint.url }));
  await expect.poll(() => endpoint.deliveries.length, { timeout: 5_000 }).toBe(1);
  return sns;
}

async function allow(sns: SNSClient, Service: readonly string[]): Promise<void> {
  const statement = { Effect: "Allow", Principal: { Service }, Action: "SNS:Publish", Resource: TOPIC };
  const AttributeValue = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await sns.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName: "Policy", AttributeValue }));
}

test("a trail's topic gets the validation message once, then each log file's key, and never a digest's", async () => {
  const host = await startTestHost({ digestInterval: 1_000 });
  await makeTopic(host, ["cloudtrail.amazonaws.com"]);

  await makeTrail(host.endpoint, "notified", BUCKET, {
    SnsTopicName: "deliveries",
    EnableLogFileValidation: true,
  });
  await putRecords(host.endpoint, recordLine());
  await waitUntilDelivered(host.endpoint, 10_000);

  const logFiles = () => [...readLogFiles(host.dataDir, BUCKET).keys()].map((file) => file.split("/").at(-1));
  await expect
    .poll(
      () =>
        keysToldOf()
          .map((key) => key.split("/").at(-1))
          .sort(),
      { timeout: 10_000 },
    )
    .toEqual(logFiles().sort());
  expect(messages().filter((message) => !message.startsWith("{"))).toEqual([
    "CloudTrail validation message.",
  ]);
  expect(messages().at(-1)).toMatch(
    /^\{"s3Bucket":"notified-logs","s3ObjectKey":\["AWSLogs\/111122223333\/CloudTrail\/.*"\]\}$/,
  );
  const status = await new CloudTrailClient(clientSettings(host.endpoint)).send(
    new GetTrailStatusCommand({ Name: "notified" }),
  );
  expect(status.LatestNotificationTime).toBeInstanceOf(Date);
  expect(status.LatestNotificationError).toBeUndefined();
  await host.remove();
});

test("a topic that closes its policy costs no log file, and GetTrailStatus says AuthorizationError until it opens it", async () => {
  const host = await startTestHost();
  const sns = await makeTopic(host, ["cloudtrail.amazonaws.com"]);
  await makeTrail(host.endpoint, "notified", BUCKET, { SnsTopicName: TOPIC });
  const cloudTrail = new CloudTrailClient(clientSettings(host.endpoint));
  const latestError = async () =>
    (await cloudTrail.send(new GetTrailStatusCommand({ Name: "notified" }))).LatestNotificationError;
  await waitUntilDelivered(host.endpoint, 10_000);

  await allow(sns, ["events.amazonaws.com"]);
  const eventID = crypto.randomUUID();
  await putRecords(host.endpoint, recordLine({ eventID }));
  await expect.poll(latestError, { timeout: 10_000 }).toBe("AuthorizationError");
  const delivered = host.records(BUCKET).filter((record) => record.eventID === eventID);
  await allow(sns, ["cloudtrail.amazonaws.com"]);
  await putRecords(host.endpoint, recordLine());

  await expect.poll(latestError, { timeout: 10_000 }).toBeUndefined();
  expect(delivered).toHaveLength(1);
  const refused = cloudTrail.send(new UpdateTrailCommand({ Name: "notified", SnsTopicName: "none" }));
  await expect(refused).rejects.toMatchObject({ name: "InsufficientSnsTopicPolicyException" });
  await host.remove();
});

test("a host that ends before it could tell the topic tells it when it starts again", async () => {
  const folder = temporaryFolder();
  const isDown = { value: false };
  let giveUp: (reason: Error) => void = () => undefined;
  const stuck = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const first = await startTestHost({
    dataDir: folder.path,
    intercept: {
      topics: (real) => ({
        publishForTrail: (...call) => (isDown.value ? stuck : real.publishForTrail(...call)),
      }),
    },
  });
  await makeTopic(first, ["cloudtrail.amazonaws.com"]);
  await makeTrail(first.endpoint, "notified", BUCKET, { SnsTopicName: "deliveries" });
  await waitUntilDelivered(first.endpoint, 10_000);
  isDown.value = true;
  await putRecords(first.endpoint, recordLine({ eventName: "Untold" }));
  const untold = () =>
    [...readLogFiles(folder.path, BUCKET)].filter(([, text]) => text.includes("Untold")).map(([key]) => key);
  await expect.poll(() => untold().length, { timeout: 10_000 }).toBe(1);
  const [file = ""] = untold();
  const isTold = () => keysToldOf().some((key) => file.endsWith(key.split("/").at(-1) ?? "?"));
  const wasTold = isTold();

  // What a crash leaves: the data folder as it is at this moment.
  const copy = temporaryFolder();
  cpSync(folder.path, copy.path, { recursive: true, filter: (name) => !name.endsWith("lock") });
  const second = await startTestHost(testHostOptions(copy.path));

  await expect.poll(isTold, { timeout: 10_000 }).toBe(true);
  expect(wasTold).toBe(false);
  giveUp(new Error("SNS is gone"));
  await second.stop();
  copy.remove();
  await first.stop();
  folder.remove();
});

test("a rule's topic gets the event if its policy lets EventBridge publish", async () => {
  const host = await startTestHost();
  await makeTopic(host, ["events.amazonaws.com", "cloudtrail.amazonaws.com"]);
  await makeTrail(host.endpoint, "watched", BUCKET);
  const events = new EventBridgeClient(clientSettings(host.endpoint));
  const EventPattern = JSON.stringify({ detail: { eventName: ["RunInstances"] } });
  await events.send(new PutRuleCommand({ Name: "instances", EventPattern }));
  const { FailedEntryCount } = await events.send(
    new PutTargetsCommand({ Rule: "instances", Targets: [{ Id: "topic", Arn: TOPIC }] }),
  );

  await putRecords(host.endpoint, recordLine());

  expect(FailedEntryCount).toBe(0);
  await expect.poll(() => messages().length, { timeout: 10_000 }).toBe(1);
  expect(JSON.parse(messages()[0] ?? "")).toMatchObject({
    "detail-type": "AWS API Call via CloudTrail",
    detail: { eventName: "RunInstances" },
  });
  await host.remove();
});
