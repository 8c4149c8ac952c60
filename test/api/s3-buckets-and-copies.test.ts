import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  CopyObjectCommand,
  type CopyObjectCommandInput,
  CreateBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketPolicyCommand,
  GetBucketRequestPaymentCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeS3Api } from "../../local/s3/s3-api.ts";
import { LocalObjectStore } from "../../shared/adapters/local/object-store.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { describeWithAwsCli } from "../support/aws-cli.ts";
import { clientSettings } from "../support/embedded-client.ts";
import { type ServiceServer, serveService } from "../support/service-server.ts";

const bucket = "trail-logs";
const other = "other-logs";
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "cloudtrail.amazonaws.com" },
      Action: "s3:GetBucketAcl",
      Resource: `arn:aws:s3:::${bucket}`,
    },
  ],
});

let folder: string;
let server: ServiceServer;
let s3: S3Client;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "opentrail-s3-"));
  const objects = new LocalObjectStore(path.join(folder, "data"), systemClock);
  server = await serveService(makeS3Api({ objects, reportFailure: (error) => console.error(error) }));
  s3 = new S3Client({ ...clientSettings(server.endpoint), forcePathStyle: true, maxAttempts: 1 });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new CreateBucketCommand({ Bucket: other }));
});

afterEach(async () => {
  s3.destroy();
  await server.close();
  await rm(folder, { recursive: true });
});

describe("bucket policies", () => {
  test("a policy is kept as it was put, over a restart too, until it is deleted", async () => {
    await s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy: policy }));
    const kept = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    const restarted = new LocalObjectStore(path.join(folder, "data"), systemClock);
    const found = await restarted.bucket(bucket);
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));
    await s3.send(new DeleteBucketPolicyCommand({ Bucket: bucket }));

    expect(kept.Policy).toBe(policy);
    expect(found).toMatchObject({ name: bucket, accountId: "111122223333", policy });
    await expect(s3.send(new GetBucketPolicyCommand({ Bucket: bucket }))).rejects.toMatchObject({
      name: "NoSuchBucketPolicy",
      $metadata: { httpStatusCode: 404 },
    });
  });

  test.each([
    ["no JSON", "{"],
    ["no policy", "{}"],
    ["too long", JSON.stringify({ Statement: ["x".repeat(20 * 1024)] })],
  ])("a policy that is %s is refused", async (_what, Policy) => {
    await expect(s3.send(new PutBucketPolicyCommand({ Bucket: bucket, Policy }))).rejects.toMatchObject({
      name: "MalformedPolicy",
    });
  });

  test("a policy needs a bucket", async () => {
    const none = { Bucket: "no-such-bucket" };

    for (const call of [
      () => s3.send(new PutBucketPolicyCommand({ ...none, Policy: policy })),
      () => s3.send(new GetBucketPolicyCommand(none)),
      () => s3.send(new DeleteBucketPolicyCommand(none)),
    ]) {
      await expect(call()).rejects.toMatchObject({ name: "NoSuchBucket" });
    }
  });
});

describe("settings that buckets do not have", () => {
  test("are answered as S3 does where nobody has made them", async () => {
    const about = { Bucket: bucket };

    expect((await s3.send(new GetBucketVersioningCommand(about))).Status).toBeUndefined();
    expect((await s3.send(new GetBucketLoggingCommand(about))).LoggingEnabled).toBeUndefined();
    expect((await s3.send(new GetBucketRequestPaymentCommand(about))).Payer).toBe("BucketOwner");
    const { Grants, Owner } = await s3.send(new GetBucketAclCommand(about));
    expect(Owner?.ID).toBe("111122223333");
    expect(Grants).toEqual([
      {
        Grantee: { Type: "CanonicalUser", ID: "111122223333", DisplayName: "111122223333" },
        Permission: "FULL_CONTROL",
      },
    ]);
  });

  test("are not found where S3 says so", async () => {
    const about = { Bucket: bucket };

    await expect(s3.send(new GetBucketEncryptionCommand(about))).rejects.toMatchObject({
      name: "ServerSideEncryptionConfigurationNotFoundError",
    });
    await expect(s3.send(new GetBucketCorsCommand(about))).rejects.toMatchObject({
      name: "NoSuchCORSConfiguration",
    });
    await expect(s3.send(new GetBucketLifecycleConfigurationCommand(about))).rejects.toMatchObject({
      name: "NoSuchLifecycleConfiguration",
    });
    await expect(s3.send(new GetBucketAclCommand({ Bucket: "no-such-bucket" }))).rejects.toMatchObject({
      name: "NoSuchBucket",
    });
  });
});

describe("CopyObject", () => {
  const source = { ContentType: "text/plain", ContentEncoding: "gzip", Metadata: { signature: "0f" } };

  beforeEach(async () => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "a b/ü.txt", Body: "content", ...source }));
  });

  const copy = (input: Partial<CopyObjectCommandInput> = {}) =>
    s3.send(
      new CopyObjectCommand({
        Bucket: other,
        Key: "copy",
        CopySource: `${bucket}/${encodeURIComponent("a b/ü.txt")}`,
        ...input,
      }),
    );

  test("a copy has the bytes, settings and metadata of its source", async () => {
    const { CopyObjectResult } = await copy();

    const found = await s3.send(new GetObjectCommand({ Bucket: other, Key: "copy" }));
    expect(found).toMatchObject({ ...source, ETag: CopyObjectResult?.ETag });
    expect(await found.Body?.transformToString()).toBe("content");
  });

  test("a copy can have metadata of its own", async () => {
    await copy({ MetadataDirective: "REPLACE", ContentType: "text/html", Metadata: { x: "y" } });

    const found = await s3.send(new HeadObjectCommand({ Bucket: other, Key: "copy" }));
    expect(found).toMatchObject({ ContentType: "text/html", Metadata: { x: "y" } });
    expect(found.ContentEncoding).toBeUndefined();
  });

  test.each([
    ["a source that is not there", { CopySource: `${bucket}/none` }, "NoSuchKey"],
    ["a source bucket that is not there", { CopySource: "no-such-bucket/k" }, "NoSuchBucket"],
    ["a source without a key", { CopySource: bucket }, "InvalidArgument"],
    ["a version", { CopySource: `${bucket}/k?versionId=1` }, "NotImplemented"],
    ["a target bucket that is not there", { Bucket: "no-such-bucket" }, "NoSuchBucket"],
    ["an object onto itself", { Bucket: bucket, Key: "a b/ü.txt" }, "InvalidRequest"],
    ["another state of the source", { CopySourceIfMatch: '"0f"' }, "PreconditionFailed"],
    ["a directive that is none", { MetadataDirective: "NONE" as "COPY" }, "InvalidArgument"],
  ] satisfies readonly (readonly [string, Partial<CopyObjectCommandInput>, string])[])(
    "%s is refused",
    async (_what, input, name) => {
      await expect(copy(input)).rejects.toMatchObject({ name });
    },
  );
});

describeWithAwsCli("The AWS CLI", (aws) => {
  test("moves an object from bucket to bucket, a large one in parts", async () => {
    const file = path.join(folder, "large");
    const content = Buffer.alloc(17 * 1024 * 1024, "0123456789abcdef");
    await writeFile(file, content);
    const run = async (...args: readonly string[]) => {
      const { exitCode, stderr } = await aws(server.endpoint, ["s3", ...args, "--only-show-errors"]);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    };

    await run("cp", file, `s3://${bucket}/large`);
    await run("mv", `s3://${bucket}/large`, `s3://${other}/moved`);
    await run("cp", `s3://${other}/moved`, `${file}.back`);

    expect((await readFile(`${file}.back`)).equals(content)).toBe(true);
    await expect(s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "large" }))).rejects.toMatchObject({
      name: "NotFound",
    });
  }, 30_000);

  test("puts and reads a bucket's policy", async () => {
    const put = ["s3api", "put-bucket-policy", "--bucket", bucket, "--policy", policy];
    const read = ["s3api", "get-bucket-policy", "--bucket", bucket, "--query", "Policy", "--output", "text"];

    expect(await aws(server.endpoint, put)).toMatchObject({ exitCode: 0, stderr: "" });
    expect((await aws(server.endpoint, read)).stdout.trim()).toBe(policy);
  }, 30_000);
});
