import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  type BundledFile,
  bundleFunction,
  bundleLikeFunction,
  FUNCTIONS,
  type FunctionBundle,
} from "../../scripts/function-bundles.ts";
import { zippedBytes } from "../support/zipped-bytes.ts";

const MOST_ZIPPED_BYTES = 300_000;

describe("the functions' bundles", () => {
  const bundles = new Map<string, FunctionBundle>();

  beforeAll(async () => {
    for (const name of FUNCTIONS) bundles.set(name, await bundleFunction(name));
  });

  const files = (name: string): readonly BundledFile[] => bundles.get(name)?.files ?? [];
  const text = (name: string): string =>
    files(name)
      .map(({ code }) => code)
      .join("\n");

  it("there is one for every handler", () => {
    expect(FUNCTIONS).toContain("deliver/log-files");
    expect(FUNCTIONS.filter((name) => files(name)[0]?.path !== `${name}.cjs`)).toEqual([]);
  });

  it.each(FUNCTIONS)("%s is under 300 KB zipped", (name) => {
    expect(zippedBytes(files(name))).toBeLessThan(MOST_ZIPPED_BYTES);
  });

  it("have no providers of credentials but the environment", () => {
    const modules = [...bundles.values()].flatMap(({ modules }) => modules).join("\n");

    expect(modules).toContain("shared/adapters/aws/function-credentials.ts");
    expect(modules).not.toMatch(/credential-provider|nested-clients/);
  });

  it("have none of S3's operations that nobody sends", () => {
    expect(text("deliver/log-files")).toContain("PutObjectRequest");
    expect(text("deliver/log-files")).not.toContain("GetBucketAnalyticsConfiguration");
  });

  it("have what few invocations need in files that a cold start does not read", () => {
    const seldom = files("api/endpoint").filter(({ code }) => code.includes("ScheduleKeyDeletion"));
    const required = (name: string) => [...(files(name)[0]?.code.matchAll(/require\("\.[^"]+"\)/g) ?? [])];

    expect(seldom.map(({ path }) => path)).toEqual([
      expect.stringMatching(/^chunks\/endpoint-seldom-\w+\.cjs$/),
    ]);
    // Each file more costs a cold start half a millisecond: beside the handler's there is one that the seldom one shares.
    expect(new Set(required("api/endpoint").map(([call]) => call.replace(/-[A-Z0-9]+\.cjs/, "")))).toEqual(
      new Set(['require("../chunks/chunk")', 'require("../chunks/endpoint-seldom")']),
    );
  });

  it("find their files when they come to need them", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "opentrail-functions-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    for (const { path: name, code } of files("api/endpoint")) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), code);
    }
    for (const name of ["BLOCKS_BUCKET", "CREDENTIALS_SECRET", "TOPIC_ARN"])
      vi.stubEnv(`OPENTRAIL_${name}`, "x");
    for (const table of ["TRAILS", "SETTINGS", "DIGESTS", "DELIVERY_STATUS", "HISTORY", "IMPORTS"]) {
      vi.stubEnv(`OPENTRAIL_${table}_TABLE`, table);
    }
    vi.stubEnv("AWS_REGION", "us-east-1");
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const { handler } = createRequire(import.meta.url)(path.join(folder, "api/endpoint.cjs"));

    // Without queues it asks nobody, but loads what would ask them.
    const answer = await handler({
      version: "2.0",
      rawPath: "/_opentrail/health",
      rawQueryString: "",
      headers: { host: "abc.lambda-url.us-east-1.on.aws" },
      requestContext: {
        http: { method: "GET", path: "/_opentrail/health", sourceIp: "192.0.2.1" },
        domainName: "abc.lambda-url.us-east-1.on.aws",
      },
      isBase64Encoded: false,
    });

    expect(answer).toMatchObject({ statusCode: 200 });
  });

  it("have no classes of errors that nobody tells from others", () => {
    expect(text("api/endpoint")).toContain('"TransactionCanceledException"');
    expect(text("api/endpoint")).not.toContain("DependencyTimeoutException");
  });

  it.each([
    {
      service: "kms",
      send: "new KMSClient(settings).send(new GetPublicKeyCommand({ KeyId: 'k' }))",
      body: '{"__type":"NotFoundException","message":"No such key"}',
      name: "NotFoundException",
      base: "KMSServiceException",
    },
    {
      service: "sns",
      send: "new SNSClient(settings).send(new PublishCommand({ TopicArn: 'arn:t', Message: 'm' }))",
      body: "<ErrorResponse><Error><Type>Sender</Type><Code>NotFound</Code><Message>No such key</Message></Error></ErrorResponse>",
      name: "NotFound",
      base: "SNSServiceException",
    },
    {
      service: "s3",
      send: "new S3Client(settings).send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' }))",
      body: "<Error><Code>InvalidRequest</Code><Message>No such key</Message></Error>",
      name: "InvalidRequest",
      base: "S3ServiceException",
    },
    {
      service: "s3",
      send: "new S3Client(settings).send(new GetObjectCommand({ Bucket: 'b', Key: 'k' }))",
      body: "<Error><Code>NoSuchKey</Code><Message>No such key</Message></Error>",
      name: "NoSuchKey",
      base: "NoSuchKey",
    },
  ])("throw $name of $service with its name, its message and the class $base", async (claim) => {
    const names = claim.send.match(/\w+(?:Client|Command)\b/g) ?? [];
    const { files } = await bundleLikeFunction({
      stdin: {
        resolveDir: import.meta.dirname,
        contents: `
          import { ${[...new Set(names)].join()}, ${claim.base} } from "@aws-sdk/client-${claim.service}";
          export const send = (settings) => ${claim.send};
          export { ${claim.base} as Base };`,
      },
    });
    const module = { exports: {} as { send(settings: object): Promise<unknown>; Base: unknown } };
    new Function("module", "require", files[0]?.code ?? "")(module, createRequire(import.meta.url));
    const { send, Base } = module.exports;

    const thrown = send({
      region: "us-east-1",
      credentials: { accessKeyId: "a", secretAccessKey: "s" },
      requestHandler: {
        handle: async () => ({
          response: { statusCode: 404, headers: {}, body: Readable.from([Buffer.from(claim.body)]) },
        }),
      },
    });

    await expect(thrown).rejects.toMatchObject({
      name: claim.name,
      message: "No such key",
      $metadata: { httpStatusCode: 404 },
    });
    await expect(thrown).rejects.toBeInstanceOf(Base);
  });
});
