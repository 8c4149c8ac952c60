import { writeFileSync } from "node:fs";
import path from "node:path";
import {
  CloudTrailClient,
  CreateChannelCommand,
  CreateTrailCommand,
  LookupEventsCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AuditRecorder, auditTrail } from "../../middleware/index.ts";
import { httpApiEvent } from "../support/api-gateway-events.ts";
import { startAuditServer } from "../support/audit-server.ts";
import { startTestHost, type TestHost } from "../support/embedded-host.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const ACCOUNT = "111122223333";
const CREDENTIALS = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "shop-secret" };
const CONTEXT = { awsRequestId: "lambda-1", getRemainingTimeInMillis: () => 10_000 } as unknown as Context;

const folder = temporaryFolder();
let host: TestHost;
let cloudTrail: CloudTrailClient;
let channelArn: string;

beforeAll(async () => {
  const credentialsFile = path.join(folder.path, "credentials.json");
  const userIdentity = { type: "IAMUser", userName: "shop", accountId: ACCOUNT };
  writeFileSync(credentialsFile, JSON.stringify([{ ...CREDENTIALS, accountId: ACCOUNT, userIdentity }]));
  host = await startTestHost({ credentialsFile });
  const settings = { endpoint: host.endpoint, region: "us-east-1", credentials: CREDENTIALS };
  await new S3Client({ ...settings, forcePathStyle: true }).send(
    new CreateBucketCommand({ Bucket: "audit" }),
  );
  cloudTrail = new CloudTrailClient(settings);
  await cloudTrail.send(
    new CreateTrailCommand({ Name: "audit", S3BucketName: "audit", IsMultiRegionTrail: true }),
  );
  await cloudTrail.send(new StartLoggingCommand({ Name: "audit" }));
  const Location = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:eventdatastore/EXAMPLE-0000`;
  const { ChannelArn = "" } = await cloudTrail.send(
    new CreateChannelCommand({
      Name: "shop",
      Source: "Custom",
      Destinations: [{ Type: "EVENT_DATA_STORE", Location }],
    }),
  );
  channelArn = ChannelArn;
});

afterAll(async () => {
  await host.remove();
  folder.remove();
});

test("a call of a middy handler ends in the event history and in the trail's log files", async () => {
  const errors: unknown[] = [];
  const recorder = new AuditRecorder({
    channelArn,
    endpoint: host.endpoint,
    credentials: CREDENTIALS,
    flushTimeoutMs: 5_000,
    onError: (error) => errors.push(error),
  });
  const handler = middy(async () => ({ statusCode: 403, body: '{"message":"not yours"}' })).use(
    auditTrail({
      recorder,
      eventSource: "shop.example.com",
      routes: { "POST /orders/{id}/refund": "RefundOrder" },
    }),
  );
  const claims = { sub: "user-1", iss: "https://id.example.com/", username: "ana" };

  const response = await handler(httpApiEvent({}, { jwt: { claims } }), CONTEXT);

  expect(response.statusCode).toBe(403);
  expect(errors).toEqual([]);
  expect(recorder.counts).toMatchObject({ recorded: 1, sent: 1, pending: 0 });
  const wanted = {
    eventCategory: "ActivityAuditLog",
    metadata: { channelARN: channelArn },
    eventData: {
      eventName: "RefundOrder",
      userIdentity: { type: "JwtSubject", principalId: "user-1" },
      errorCode: "Forbidden",
      requestParameters: { pathParameters: { id: "7" }, body: { amount: 12 } },
    },
  };
  await expect
    .poll(() => host.records("audit").filter((record) => "eventData" in record), { timeout: 10_000 })
    .toMatchObject([wanted]);
  const byName = { AttributeKey: "Username", AttributeValue: "ana" } as const;
  const found = async () =>
    (await cloudTrail.send(new LookupEventsCommand({ LookupAttributes: [byName] }))).Events ?? [];
  await expect
    .poll(found, { timeout: 5_000 })
    .toMatchObject([{ EventName: "RefundOrder", EventSource: "shop.example.com", Username: "ana" }]);
  const [{ CloudTrailEvent: text = "" } = {}] = await found();
  expect(JSON.parse(text)).toMatchObject(wanted);
  expect(text).not.toMatch(/hunter2|eyJ/);
});

test("a server that never answers costs a call its bound and no more, and what is kept is sent when it answers", async () => {
  let answering = false;
  const server = await startAuditServer((response, { body }) => {
    const { auditEvents } = JSON.parse(body.toString());
    if (answering) response.end(JSON.stringify({ successful: auditEvents, failed: [] }));
  });
  const recorder = new AuditRecorder({
    channelArn,
    endpoint: server.endpoint,
    credentials: CREDENTIALS,
    flushTimeoutMs: 100,
    requestTimeoutMs: 1_000,
    maxBufferedEvents: 5,
  });
  const handler = middy(async () => ({ statusCode: 200 })).use(
    auditTrail({ recorder, eventSource: "shop.example.com" }),
  );
  const durations: number[] = [];

  for (let count = 0; count < 8; count += 1) {
    const start = performance.now();
    expect(await handler(httpApiEvent(), CONTEXT)).toEqual({ statusCode: 200 });
    durations.push(performance.now() - start);
  }

  // The bound, and what a busy machine's timers are late.
  expect(Math.max(...durations)).toBeLessThan(100 + 150);
  expect(Math.min(...durations)).toBeGreaterThan(90);
  expect(recorder.counts).toMatchObject({ recorded: 8, sent: 0, pending: 5, dropped: { "buffer-full": 3 } });
  answering = true;
  await recorder.close(10_000);
  expect(recorder.counts).toMatchObject({ sent: 5, pending: 0 });
  await server.stop();
});
