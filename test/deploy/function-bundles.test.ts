import { createRequire } from "node:module";
import path from "node:path";
import { Readable } from "node:stream";
import { type BuildResult, build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { FUNCTION_BUNDLES, FUNCTIONS } from "../../scripts/function-bundles.ts";
import { zippedBytes } from "../support/zipped-bytes.ts";

const MOST_ZIPPED_BYTES = 300_000;

describe("the functions' bundles", () => {
  let built: BuildResult<{ metafile: true; write: false }>;

  beforeAll(async () => {
    built = await build({
      ...FUNCTION_BUNDLES,
      entryPoints: FUNCTIONS.map((name) => `functions/${name}.ts`),
      outbase: "functions",
      outdir: "dist/functions",
      metafile: true,
      write: false,
    });
  });

  const bundle = (name: string): Uint8Array => {
    const file = built.outputFiles.find(({ path: file }) =>
      file.endsWith(path.join("functions", `${name}.cjs`)),
    );
    return file?.contents ?? new Uint8Array();
  };

  it("there is one for every handler", () => {
    expect(FUNCTIONS).toContain("deliver/log-files");
    expect(FUNCTIONS.filter((name) => bundle(name).length === 0)).toEqual([]);
  });

  it.each(FUNCTIONS)("%s is under 300 KB zipped", (name) => {
    expect(zippedBytes("index.cjs", bundle(name))).toBeLessThan(MOST_ZIPPED_BYTES);
  });

  it("have no providers of credentials but the environment", () => {
    const inputs = Object.keys(built.metafile.inputs).join("\n");

    expect(inputs).toContain("shared/adapters/aws/function-credentials.ts");
    expect(inputs).not.toMatch(/credential-provider|nested-clients/);
  });

  it("have none of S3's operations that nobody sends", () => {
    const text = Buffer.from(bundle("deliver/log-files")).toString();

    expect(text).toContain("PutObjectRequest");
    expect(text).not.toContain("GetBucketAnalyticsConfiguration");
  });

  it("have no classes of errors that nobody tells from others", () => {
    const text = Buffer.from(bundle("api/endpoint")).toString();

    expect(text).toContain('"TransactionCanceledException"');
    expect(text).not.toContain("DependencyTimeoutException");
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
    const { outputFiles } = await build({
      ...FUNCTION_BUNDLES,
      sourcemap: false,
      stdin: {
        resolveDir: import.meta.dirname,
        contents: `
          import { ${[...new Set(names)].join()}, ${claim.base} } from "@aws-sdk/client-${claim.service}";
          export const send = (settings) => ${claim.send};
          export { ${claim.base} as Base };`,
      },
      write: false,
    });
    const module = { exports: {} as { send(settings: object): Promise<unknown>; Base: unknown } };
    new Function("module", "require", outputFiles[0]?.text ?? "")(module, createRequire(import.meta.url));
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
