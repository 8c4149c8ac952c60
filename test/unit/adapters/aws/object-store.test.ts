import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HeadBucketCommand, PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { s3ObjectStore } from "../../../../shared/adapters/aws/object-store.ts";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";
import { BucketAccessDenied, BucketNotFound, ObjectExists } from "../../../../shared/ports/object-store.ts";

const SETTINGS = { contentType: "application/json" };

function answer(name: string, httpStatusCode: number): S3ServiceException {
  return new S3ServiceException({ name, $fault: "client", $metadata: { httpStatusCode }, message: name });
}

describe("a put", () => {
  const s3 = mockClient(S3Client);

  beforeEach(() => s3.reset());
  afterAll(() => s3.restore());

  const store = () => s3ObjectStore(new S3Client({}), new MemoryClock(0));

  it("asks that there be no object, gives the bucket's owner control, and encrypts as the trail says", async () => {
    s3.on(PutObjectCommand).resolves({});

    await store().putNew("logs", "key", Buffer.from("x"), {
      contentType: "application/json",
      contentEncoding: "gzip",
      metadata: { kind: "void" },
      kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/k",
      encryptionContext: { "aws:cloudtrail:arn": "arn:trail" },
    });

    expect(s3.commandCalls(PutObjectCommand)[0]?.args[0].input).toEqual({
      Bucket: "logs",
      Key: "key",
      Body: Buffer.from("x"),
      IfNoneMatch: "*",
      ACL: "bucket-owner-full-control",
      ContentType: "application/json",
      ContentEncoding: "gzip",
      Metadata: { kind: "void", "written-by": "opentrail" },
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: "arn:aws:kms:us-east-1:111122223333:key/k",
      SSEKMSEncryptionContext: Buffer.from('{"aws:cloudtrail:arn":"arn:trail"}').toString("base64"),
    });
  });

  it("that meets another one under way is tried again, and then finds the object of the other", async () => {
    s3.on(PutObjectCommand)
      .rejectsOnce(answer("ConditionalRequestConflict", 409))
      .rejectsOnce(answer("ConditionalRequestConflict", 409))
      .rejects(answer("PreconditionFailed", 412));

    const put = store().putNew("logs", "key", Buffer.from("x"), SETTINGS);

    await expect(put).rejects.toBeInstanceOf(ObjectExists);
    expect(s3.commandCalls(PutObjectCommand)).toHaveLength(3);
  });

  it("that meets others for ever fails with S3's error, of which nothing is known", async () => {
    s3.on(PutObjectCommand).rejects(answer("ConditionalRequestConflict", 409));

    const put = store().putNew("logs", "key", Buffer.from("x"), SETTINGS);

    await expect(put).rejects.toMatchObject({ name: "ConditionalRequestConflict" });
  });

  it.each([
    ["NoSuchBucket", 404, BucketNotFound],
    ["AccessDenied", 403, BucketAccessDenied],
    ["AllAccessDisabled", 403, BucketAccessDenied],
    ["PreconditionFailed", 412, ObjectExists],
  ])("that S3 answers with %s has the port's error", async (name, status, error) => {
    s3.on(PutObjectCommand).rejects(answer(name, status));

    const put = store().putNew("logs", "key", Buffer.from("x"), SETTINGS);

    await expect(put).rejects.toBeInstanceOf(error);
  });

  it.each([answer("SlowDown", 503), answer("KMS.DisabledException", 400), new Error("socket hang up")])(
    "that fails otherwise has the error as it is: %s",
    async (error) => {
      s3.on(PutObjectCommand).rejects(error);

      const put = store().putNew("logs", "key", Buffer.from("x"), SETTINGS);

      await expect(put).rejects.toBe(error);
    },
  );

  it("a bucket that may not be looked at is no missing bucket", async () => {
    s3.on(HeadBucketCommand).rejects(answer("Forbidden", 403));

    await expect(store().bucketExists("logs")).rejects.toBeInstanceOf(BucketAccessDenied);
  });
});

describe("a put that the SDK sends twice", () => {
  let server: Server;
  let answers: [status: number, code: string][];

  beforeEach(async () => {
    server = createServer((request, response) => {
      request.resume().on("end", () => {
        const [status, code] = answers.shift() ?? [500, "InternalError"];
        response.writeHead(status).end(`<Error><Code>${code}</Code><Message>m</Message></Error>`);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  async function putError(): Promise<unknown> {
    const { port } = server.address() as AddressInfo;
    const client = new S3Client({
      endpoint: `http://127.0.0.1:${port}`,
      region: "us-east-1",
      credentials: { accessKeyId: "a", secretAccessKey: "b" },
      forcePathStyle: true,
    });
    const store = s3ObjectStore(client, new MemoryClock(0));
    return store.putNew("logs", "key", Buffer.from("x"), SETTINGS).catch((error: unknown) => error);
  }

  it("is not said to have written nothing when the first answer left that open", async () => {
    answers = [
      [500, "InternalError"],
      [403, "AccessDenied"],
    ];

    const error = await putError();

    expect(error).not.toBeInstanceOf(BucketAccessDenied);
    expect(error).toMatchObject({ name: "AccessDenied" });
  });

  it("is known to have written nothing when the first answer was the last", async () => {
    answers = [[403, "AccessDenied"]];

    expect(await putError()).toBeInstanceOf(BucketAccessDenied);
  });
});
