import { writeFileSync } from "node:fs";
import path from "node:path";
import {
  CloudTrailClient,
  CreateTrailCommand,
  GetTrailStatusCommand,
  StartLoggingCommand,
  StopLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import {
  CreateBucketCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { ListTopicsCommand, SNSClient, type SNSServiceException } from "@aws-sdk/client-sns";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { readCredentials } from "../../local/credentials.ts";
import { signRequest } from "../../shared/api/sign-request.ts";
import { recordLine, startTestHost, type TestHost } from "../support/embedded-host.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const REGION = "us-east-1";
const ACCOUNT = "111122223333";
const ALICE = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "alice-secret" };
const IMPORTER = { accessKeyId: "AKIAI44QH8DHBEXAMPLE", secretAccessKey: "importer-secret" };

const folder = temporaryFolder();
const file = path.join(folder.path, "credentials.json");
afterAll(() => folder.remove());

function identity(userName: string) {
  return { type: "IAMUser", userName, accountId: ACCOUNT, arn: `arn:aws:iam::${ACCOUNT}:user/${userName}` };
}

const KEYS = [
  { ...ALICE, accountId: ACCOUNT, userIdentity: identity("alice") },
  { ...IMPORTER, accountId: ACCOUNT, userIdentity: identity("importer"), import: true },
];

describe("a credentials file that cannot be used is refused, and its fault is named", () => {
  const [alice] = KEYS;
  test.each([
    ["no JSON", "{", /is no JSON/],
    ["no list", { ...alice }, /must be a JSON list/],
    ["an empty list", [], /must be a JSON list/],
    ["a list of texts", ["AKIA"], /must be a JSON list/],
    ["a key without its secret", [{ ...alice, secretAccessKey: undefined }], /entry 0: secretAccessKey/],
    ["a key without its id", [{ ...alice, accessKeyId: "" }], /entry 0: accessKeyId/],
    ["an account that is none", [{ ...alice, accountId: "1234" }], /entry 0: accountId must have 12 digits/],
    ["an identity that is a text", [{ ...alice, userIdentity: "alice" }], /entry 0: userIdentity/],
    [
      "a key that stands there twice",
      [alice, alice],
      /entry 1: the key AKIAIOSFODNN7EXAMPLE stands there twice/,
    ],
    [
      "the key of OpenTrail's own remediations",
      [{ ...alice, accessKeyId: `OpenTrailRemediation${ACCOUNT}` }],
      /entry 0: .* own remediations/,
    ],
  ])("%s", async (_what, content, message) => {
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));

    await expect(readCredentials(file, "secret")).rejects.toThrow(message);
  });

  test("a file that is not there", async () => {
    await expect(readCredentials(path.join(folder.path, "none.json"), "secret")).rejects.toMatchObject({
      name: "InvalidCredentials",
      message: expect.stringMatching(/none\.json cannot be read/),
    });
  });
});

describe("a host with credentials", () => {
  let host: TestHost;
  beforeAll(async () => {
    writeFileSync(file, JSON.stringify(KEYS));
    host = await startTestHost({ credentialsFile: file });
  });
  afterAll(() => host.remove());

  const TARGET = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListTrails";
  const APIS = {
    cloudTrail: { path: "/", headers: { "x-amz-target": TARGET }, body: "{}" },
    putAuditEvents: {
      path: `/PutAuditEvents?channelArn=${encodeURIComponent(`arn:aws:cloudtrail:${REGION}:${ACCOUNT}:channel/one`)}`,
      headers: { "content-type": "application/json" },
      body: '{"auditEvents":[]}',
    },
    bulk: { path: "/_opentrail/records", headers: {}, body: "[]" },
  };
  type Api = keyof typeof APIS;

  async function call(api: Api, keys: typeof ALICE | undefined, now = new Date(), tampered = false) {
    const { path: target, headers, body } = APIS[api];
    const url = new URL(target, host.endpoint);
    const signed = keys && signRequest({ method: "POST", url, body: Buffer.from(body) }, keys, REGION, now);
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, ...signed },
      body: tampered ? `${body} ` : body,
    });
    const { __type, code, message } = (await response.json()) as Record<string, unknown>;
    return { status: response.status, code: __type ?? code, message, header: response.headers };
  }

  function s3(settings: object = {}): S3Client {
    return new S3Client({
      endpoint: host.endpoint,
      region: REGION,
      credentials: ALICE,
      forcePathStyle: true,
      maxAttempts: 1,
      ...settings,
    });
  }

  async function s3Refusal(client: S3Client) {
    const error: unknown = await client.send(new ListBucketsCommand({})).catch((thrown: unknown) => thrown);
    return error instanceof S3ServiceException
      ? { code: error.name, status: error.$metadata.httpStatusCode }
      : error;
  }

  test("takes what is signed with a key of the file, of each API", async () => {
    expect((await call("cloudTrail", ALICE)).status).toBe(200);
    expect((await call("bulk", ALICE)).status).toBe(200);
    expect((await call("putAuditEvents", ALICE)).code).not.toMatch(/Signature|Client|Token/);
    await s3().send(new CreateBucketCommand({ Bucket: "signed-bucket" }));
    await s3().send(new PutObjectCommand({ Bucket: "signed-bucket", Key: "a b/+ü%.txt", Body: "text" }));
    expect((await s3().send(new ListBucketsCommand({}))).Buckets).toHaveLength(1);
  });

  const stale = new Date(Date.now() - 16 * 60_000);
  const early = new Date(Date.now() + 16 * 60_000);
  const unknown = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "x" };
  const wrong = { ...ALICE, secretAccessKey: "guessed" };
  const forged = { accessKeyId: `OpenTrailRemediation${ACCOUNT}`, secretAccessKey: "test" };
  const refusals: readonly (readonly [
    string,
    string,
    Parameters<typeof call> extends [Api, ...infer R] ? R : never,
  ])[] = [
    ["an unknown key", "UnrecognizedClientException", [unknown]],
    ["a key that is an account id", "UnrecognizedClientException", [{ ...unknown, accessKeyId: ACCOUNT }]],
    ["a wrong secret", "InvalidSignatureException", [wrong]],
    ["the key of remediations with another secret", "InvalidSignatureException", [forged]],
    ["a date of 16 minutes ago", "InvalidSignatureException", [ALICE, stale]],
    ["a date in 16 minutes", "InvalidSignatureException", [ALICE, early]],
    ["another body than the signed one", "InvalidSignatureException", [ALICE, new Date(), true]],
    ["no signature", "MissingAuthenticationTokenException", [undefined]],
  ];

  test.each(refusals)("%s is refused with %s", async (_what, code, how) => {
    const cloudTrail = await call("cloudTrail", ...how);
    const putAuditEvents = await call("putAuditEvents", ...how);
    const bulk = await call("bulk", ...how);

    expect(cloudTrail).toMatchObject({ status: 400, code });
    expect(putAuditEvents).toMatchObject({ status: 403, code });
    expect(putAuditEvents.header.get("x-amzn-errortype")).toBe(code);
    expect(bulk).toMatchObject({ status: 403, code });
  });

  test("S3 tells them in its own codes, as XML", async () => {
    const hour = 3_600_000;

    expect(await s3Refusal(s3({ credentials: unknown }))).toEqual({
      code: "InvalidAccessKeyId",
      status: 403,
    });
    expect(await s3Refusal(s3({ credentials: wrong }))).toEqual({
      code: "SignatureDoesNotMatch",
      status: 403,
    });
    expect(await s3Refusal(s3({ systemClockOffset: -hour }))).toEqual({
      code: "RequestTimeTooSkewed",
      status: 403,
    });
    expect(await s3Refusal(s3({ systemClockOffset: hour }))).toEqual({
      code: "RequestTimeTooSkewed",
      status: 403,
    });
    const anonymous = await fetch(`${host.endpoint}/signed-bucket`);
    expect(anonymous.status).toBe(403);
    expect(await anonymous.text()).toContain("<Code>AccessDenied</Code>");
  });

  test("SNS and STS tell them in their codes, as XML, and name who signed", async () => {
    const settings = { endpoint: host.endpoint, region: REGION, maxAttempts: 1 };
    const topics = async (credentials: typeof ALICE): Promise<unknown> =>
      new SNSClient({ ...settings, credentials }).send(new ListTopicsCommand({})).then(
        ({ Topics }) => Topics,
        ({ name, $metadata }: SNSServiceException) => [name, $metadata.httpStatusCode],
      );
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const unsigned = await fetch(host.endpoint, { method: "POST", headers: form, body: "Action=ListTopics" });
    const alice = await new STSClient({ ...settings, credentials: ALICE }).send(
      new GetCallerIdentityCommand({}),
    );

    expect(await topics(ALICE)).toEqual([]);
    expect(await topics(unknown)).toEqual(["InvalidClientTokenId", 403]);
    expect(await topics(wrong)).toEqual(["SignatureDoesNotMatch", 403]);
    expect(unsigned.status).toBe(403);
    expect(await unsigned.text()).toContain("<Code>MissingAuthenticationToken</Code>");
    expect(alice).toMatchObject({ Account: ACCOUNT, Arn: `arn:aws:iam::${ACCOUNT}:user/alice` });
  });

  test("health is told to anybody, status and dead letters are not", async () => {
    const statusOf = async (page: string): Promise<number> =>
      (await fetch(`${host.endpoint}/_opentrail/${page}`)).status;

    expect(await statusOf("health")).toBe(200);
    expect(await statusOf("status")).toBe(403);
    expect(await statusOf("dead-letters")).toBe(403);
  });

  test("records of another recipient account need a key that may import", async () => {
    const put = async (keys: typeof ALICE): Promise<unknown> => {
      const body = recordLine({ recipientAccountId: "444455556666" });
      const url = new URL("/_opentrail/records", host.endpoint);
      const headers = signRequest({ method: "POST", url, body: Buffer.from(body) }, keys, REGION, new Date());
      return (await fetch(url, { method: "POST", headers, body })).json();
    };

    expect(await put(ALICE)).toMatchObject({ accepted: 0, rejected: [{ code: "InvalidRecipient" }] });
    expect(await put(IMPORTER)).toEqual({ accepted: 1, rejected: [] });
  });
});

interface Actor {
  readonly userName?: string;
  readonly sessionContext?: { readonly sessionIssuer: { readonly userName: string } };
}

describe("a remediation on a host with credentials", () => {
  let host: TestHost;
  beforeEach(async () => {
    writeFileSync(file, JSON.stringify(KEYS));
    // A handler composes once a process: here it must be this host's.
    vi.resetModules();
    host = await startTestHost({ credentialsFile: file });
  });
  afterEach(() => host.remove());

  test("starts a stopped trail again, with an identity of its own", async () => {
    const settings = { endpoint: host.endpoint, region: REGION, credentials: ALICE };
    const trails = new CloudTrailClient(settings);
    const Name = "watched-trail";
    await new S3Client({ ...settings, forcePathStyle: true }).send(
      new CreateBucketCommand({ Bucket: "watched-logs" }),
    );
    await trails.send(new CreateTrailCommand({ Name, S3BucketName: "watched-logs" }));
    await trails.send(new StartLoggingCommand({ Name }));

    await trails.send(new StopLoggingCommand({ Name }));
    await vi.waitFor(
      async () => expect((await trails.send(new GetTrailStatusCommand({ Name }))).IsLogging).toBe(true),
      { timeout: 10_000, interval: 20 },
    );

    const actors = await vi.waitFor(
      () => {
        const found = host
          .records("watched-logs")
          .filter(({ eventName }) => eventName === "StopLogging" || eventName === "StartLogging")
          .map(({ eventName, userIdentity }) => {
            const { userName, sessionContext } = userIdentity as Actor;
            return `${eventName} by ${userName ?? sessionContext?.sessionIssuer.userName}`;
          });
        expect(found).toHaveLength(3);
        return found;
      },
      { timeout: 10_000, interval: 50 },
    );
    // They may be in files of their own, whose names have no order.
    expect(actors.sort()).toEqual([
      "StartLogging by OpenTrailRemediation",
      "StartLogging by alice",
      "StopLogging by alice",
    ]);
  });
});
