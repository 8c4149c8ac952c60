import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { request as httpRequest, type IncomingHttpHeaders } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import {
  AbortMultipartUploadCommand,
  type BucketLocationConstraint,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { makeS3Api } from "../../local/s3/s3-api.ts";
import { LocalObjectStore } from "../../shared/adapters/local/object-store.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import type { Caller } from "../../shared/api/http.ts";
import { type ServiceServer, serveService } from "../support/service-server.ts";

const bucket = "trail-logs";
let folder: string;
let objects: LocalObjectStore;
let failures: unknown[];
let server: ServiceServer;
let s3: S3Client;
const opened: { close(): unknown }[] = [];

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "opentrail-s3-"));
  objects = new LocalObjectStore(folder, systemClock);
  failures = [];
  server = await serve();
  s3 = client();
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
  await rm(folder, { recursive: true });
});

describe("buckets", () => {
  test("a bucket that was made is listed, found, located and, once empty, deleted", async () => {
    const { Buckets } = await s3.send(new ListBucketsCommand({}));
    const head = await s3.send(new HeadBucketCommand({ Bucket: bucket }));
    const location = await s3.send(new GetBucketLocationCommand({ Bucket: bucket }));
    await s3.send(new DeleteBucketCommand({ Bucket: bucket }));

    expect(Buckets?.map(({ Name }) => Name)).toEqual([bucket]);
    expect(Buckets?.[0]?.CreationDate).toBeInstanceOf(Date);
    expect(head.BucketRegion).toBe("us-east-1");
    expect(location.LocationConstraint).toBeUndefined();
    await expect(s3.send(new HeadBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({
      name: "NotFound",
    });
  });

  test("a bucket lies in the region that the request was signed for, and says so", async () => {
    const there = client({ region: "eu-west-1" }, await serve({ region: "eu-west-1" }));
    const constraint = { LocationConstraint: "eu-west-1" as const };

    await there.send(
      new CreateBucketCommand({ Bucket: "in-ireland", CreateBucketConfiguration: constraint }),
    );

    const { LocationConstraint } = await there.send(new GetBucketLocationCommand({ Bucket: "in-ireland" }));
    expect(LocationConstraint).toBe("eu-west-1");
  });

  test("outside us-east-1 a bucket's region has to be named, and to be the one of the request", async () => {
    const ireland = await serve({ region: "eu-west-1" });
    const there = client({ region: "eu-west-1" }, ireland);
    const create = (asked?: BucketLocationConstraint): Promise<unknown> =>
      there.send(
        new CreateBucketCommand({
          Bucket: "somewhere",
          ...(asked === undefined ? {} : { CreateBucketConfiguration: { LocationConstraint: asked } }),
        }),
      );

    // Without a body: the SDK itself would add the client's region.
    const unnamed = await send("PUT", "/somewhere", {}, "", ireland);

    expect(unnamed.body).toContain("<Code>IllegalLocationConstraintException</Code>");
    await expect(create("eu-central-1")).rejects.toMatchObject({
      name: "IllegalLocationConstraintException",
    });
  });

  test("making one's own bucket again succeeds in us-east-1 alone", async () => {
    const there = client({ region: "eu-west-1" }, await serve({ region: "eu-west-1" }));
    const CreateBucketConfiguration = { LocationConstraint: "eu-west-1" as const };
    const again = new CreateBucketCommand({ Bucket: "in-ireland", CreateBucketConfiguration });
    await there.send(again);

    await s3.send(new CreateBucketCommand({ Bucket: bucket }));

    await expect(there.send(again)).rejects.toMatchObject({ name: "BucketAlreadyOwnedByYou" });
  });

  test("a bucket's name is taken for every account, and the bucket is listed to its own", async () => {
    const other = client({}, await serve({ accountId: "444455556666" }));

    await expect(other.send(new CreateBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({
      name: "BucketAlreadyExists",
    });
    expect((await other.send(new ListBucketsCommand({}))).Buckets ?? []).toEqual([]);
  });

  test("a bucket with objects in it is not deleted", async () => {
    await put("a", "x");

    await expect(s3.send(new DeleteBucketCommand({ Bucket: bucket }))).rejects.toMatchObject({
      name: "BucketNotEmpty",
    });
  });

  test.each([
    "ab",
    "Upper",
    "under_score",
    "-dash",
    "dot..dot",
    "192.0.2.1",
    "xn--x",
    "x".repeat(64),
    "a-s3alias",
  ])("%s is no name for a bucket", async (name) => {
    const { status, body } = await send("PUT", `/${name}`);

    expect(status).toBe(400);
    expect(body).toContain("<Code>InvalidBucketName</Code>");
  });

  test("buckets are listed by prefix and in pages", async () => {
    await s3.send(new CreateBucketCommand({ Bucket: "other" }));
    await s3.send(new CreateBucketCommand({ Bucket: "trail-digests" }));

    const first = await s3.send(new ListBucketsCommand({ Prefix: "trail", MaxBuckets: 1 }));
    const second = await s3.send(
      new ListBucketsCommand({ Prefix: "trail", MaxBuckets: 1, ContinuationToken: first.ContinuationToken }),
    );

    expect(first.Buckets?.map(({ Name }) => Name)).toEqual(["trail-digests"]);
    expect(second.Buckets?.map(({ Name }) => Name)).toEqual([bucket]);
    expect(second.ContinuationToken).toBeUndefined();
  });
});

describe("objects", () => {
  test("what is put is got back, with its settings and metadata", async () => {
    const Body = "öbject";

    const { ETag } = await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: "k",
        Body,
        ContentType: "application/json",
        ContentEncoding: "identity",
        Metadata: { signature: "ab12", "Signature-Algorithm": "SHA256withRSA" },
      }),
    );

    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "k" }));
    expect(await object.Body?.transformToString()).toBe(Body);
    expect(object).toMatchObject({
      ETag,
      ContentLength: 7,
      ContentType: "application/json",
      ContentEncoding: "identity",
      Metadata: { signature: "ab12", "signature-algorithm": "SHA256withRSA" },
    });
    expect(ETag).toBe(`"${createHash("md5").update(Body).digest("hex")}"`);
    expect(Math.abs(Date.now() - Number(object.LastModified))).toBeLessThan(60_000);
  });

  test("a HEAD says what a GET would, without the bytes", async () => {
    await send("PUT", `/${bucket}/k`, {}, "hello");

    const { status, headers, body } = await send("HEAD", `/${bucket}/k`);

    expect(status).toBe(200);
    expect(headers["content-length"]).toBe("5");
    expect(headers["content-type"]).toBe("binary/octet-stream");
    expect(body).toBe("");
    await expect(s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "none" }))).rejects.toMatchObject({
      name: "NotFound",
    });
  });

  test.each([
    "with space",
    "plus+and%25percent%",
    "ünï/çødé/🦊",
    "a//b",
    "trailing/",
    "../up",
    "./here",
    "q?a=b&c#d",
    `quote'"<&>`,
    "x".repeat(1024),
    " 007 ",
  ])("the key %s is kept as it is", async (key) => {
    await put(key, key);

    const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    const v2 = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    const encoded = await s3.send(new ListObjectsCommand({ Bucket: bucket, EncodingType: "url" }));
    const { Deleted } = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [{ Key: key }] } }),
    );

    expect(await got.Body?.transformToString()).toBe(key);
    expect(v2.Contents?.map(({ Key }) => Key)).toEqual([key]);
    expect(decodeURIComponent((encoded.Contents?.[0]?.Key ?? "").replaceAll("+", " "))).toBe(key);
    expect(Deleted?.map(({ Key }) => Key)).toEqual([key]);
    expect(await keys()).toEqual([]);
  });

  test("a key over 1,024 bytes is refused", async () => {
    await expect(put("é".repeat(513), "x")).rejects.toMatchObject({ name: "KeyTooLongError" });
  });

  test("a put replaces what was there, unless it asks that there be nothing", async () => {
    const ifNone = (Key: string): Promise<unknown> =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "new", IfNoneMatch: "*" }));
    await put("k", "1");
    await put("k", "2");

    await expect(ifNone("k")).rejects.toMatchObject({
      name: "PreconditionFailed",
      $metadata: { httpStatusCode: 412 },
    });
    await ifNone("fresh");

    expect(await read("k")).toBe("2");
    expect(await read("fresh")).toBe("new");
  });

  test("a deleted object is gone, and deleting it again is no error", async () => {
    await put("k", "x");

    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "k" }));
    await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "k" }));

    await expect(read("k")).rejects.toMatchObject({ name: "NoSuchKey" });
  });

  test("a quiet DeleteObjects names nothing, and more than 1,000 keys are refused", async () => {
    await put("k", "x");
    const Objects = Array.from({ length: 1001 }, (_, index) => ({ Key: `${index}` }));

    const quiet = await s3.send(
      new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: [{ Key: "k" }], Quiet: true } }),
    );

    expect(quiet.Deleted).toBeUndefined();
    expect(await keys()).toEqual([]);
    await expect(
      s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } })),
    ).rejects.toMatchObject({ name: "MalformedXML" });
  });

  test("metadata over 2 KB is refused", async () => {
    const Metadata = { big: "x".repeat(2048) };

    await expect(
      s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x", Metadata })),
    ).rejects.toMatchObject({ name: "MetadataTooLarge" });
  });

  test("a signed link may name the file that the browser saves", async () => {
    await put("k", "x");

    const { headers } = await send("GET", `/${bucket}/k?response-content-disposition=attachment`);

    expect(headers["content-disposition"]).toBe("attachment");
  });
});

describe("ranges and conditions", () => {
  beforeEach(() => put("k", "0123456789"));

  test.each([
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-3", "789", "bytes 7-9/10"],
    ["bytes=5-500", "56789", "bytes 5-9/10"],
    ["bytes=-500", "0123456789", "bytes 0-9/10"],
  ])("%s is answered with those bytes", async (Range, expected, ContentRange) => {
    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "k", Range }));

    expect(await object.Body?.transformToString()).toBe(expected);
    expect(object).toMatchObject({ ContentRange, $metadata: { httpStatusCode: 206 } });
  });

  test.each(["bytes=4-2", "bytes=0-1,3-4", "lines=1-2", "bytes=-"])("%s is ignored", async (range) => {
    const { status, body } = await send("GET", `/${bucket}/k`, { range });

    expect(status).toBe(200);
    expect(body).toBe("0123456789");
  });

  test.each(["bytes=10-", "bytes=-0"])("%s asks for bytes that are not there", async (Range) => {
    await expect(s3.send(new GetObjectCommand({ Bucket: bucket, Key: "k", Range }))).rejects.toMatchObject({
      name: "InvalidRange",
      $metadata: { httpStatusCode: 416 },
    });
  });

  test("reads may depend on the entity tag and on the time of the last change", async () => {
    const etag = `"${createHash("md5").update("0123456789").digest("hex")}"`;
    const past = new Date(0).toUTCString();
    const future = new Date(Date.now() + 86_400_000).toUTCString();
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await send("GET", `/${bucket}/k`, headers)).status;

    expect(await status({ "if-none-match": etag })).toBe(304);
    expect(await status({ "if-none-match": '"other"' })).toBe(200);
    expect(await status({ "if-match": etag })).toBe(200);
    expect(await status({ "if-match": '"other"' })).toBe(412);
    expect(await status({ "if-modified-since": future })).toBe(304);
    expect(await status({ "if-modified-since": past })).toBe(200);
    expect(await status({ "if-unmodified-since": past })).toBe(412);
    expect(await status({ "if-unmodified-since": past, "if-match": etag })).toBe(200);
  });
});

describe("listings", () => {
  const names = ["a.txt", "logs/1", "logs/2", "logs/2024/x", "notes/1", "z"];

  beforeEach(async () => {
    for (const name of names) await put(name, "x");
  });

  test("keys come in UTF-8 order, over as many pages as it takes, by v1 and v2 alike", async () => {
    await put("\u{ff21}", "x");
    await put("\u{1f98a}", "x");
    const expected = [...names, "\u{ff21}", "\u{1f98a}"];

    expect(await keys(2)).toEqual(expected);
    expect(await keysV1(3)).toEqual(expected);
  });

  test("a delimiter rolls keys up, each common prefix counts once, and pages go on behind it", async () => {
    const first = await s3.send(new ListObjectsCommand({ Bucket: bucket, Delimiter: "/", MaxKeys: 2 }));
    const second = await s3.send(
      new ListObjectsCommand({ Bucket: bucket, Delimiter: "/", MaxKeys: 2, Marker: first.NextMarker }),
    );
    const whole = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Delimiter: "/" }));
    const below = await s3.send(
      new ListObjectsV2Command({ Bucket: bucket, Delimiter: "/", Prefix: "logs/" }),
    );

    expect(first).toMatchObject({
      IsTruncated: true,
      NextMarker: "logs/",
      Contents: [{ Key: "a.txt" }],
      CommonPrefixes: [{ Prefix: "logs/" }],
    });
    expect(second).toMatchObject({
      IsTruncated: false,
      Contents: [{ Key: "z" }],
      CommonPrefixes: [{ Prefix: "notes/" }],
    });
    expect(whole).toMatchObject({ KeyCount: 4, CommonPrefixes: [{ Prefix: "logs/" }, { Prefix: "notes/" }] });
    expect(below.Contents?.map(({ Key }) => Key)).toEqual(["logs/1", "logs/2"]);
    expect(below.CommonPrefixes).toEqual([{ Prefix: "logs/2024/" }]);
  });

  test("only a truncated v1 listing with a delimiter has a NextMarker", async () => {
    const without = await s3.send(new ListObjectsCommand({ Bucket: bucket, MaxKeys: 1 }));

    expect(without.IsTruncated).toBe(true);
    expect(without.NextMarker).toBeUndefined();
  });

  test("StartAfter begins behind a key, and max-keys of 0 gives an empty page", async () => {
    const after = await s3.send(new ListObjectsV2Command({ Bucket: bucket, StartAfter: "logs/2024/x" }));
    const none = await s3.send(new ListObjectsV2Command({ Bucket: bucket, MaxKeys: 0 }));

    expect(after.Contents?.map(({ Key }) => Key)).toEqual(["notes/1", "z"]);
    expect(none).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });

  test("encoding-type=url encodes keys, prefixes, delimiter and marker, but no slash", async () => {
    await put("s p+%/ü", "x");

    const { body } = await send(
      "GET",
      `/${bucket}?encoding-type=url&prefix=s%20p&delimiter=%2B&marker=s%20p`,
    );

    expect(body).toContain("<EncodingType>url</EncodingType>");
    expect(body).toContain("<Prefix>s+p</Prefix>");
    expect(body).toContain("<Delimiter>%2B</Delimiter>");
    expect(body).toContain("<CommonPrefixes><Prefix>s+p%2B</Prefix></CommonPrefixes>");
    const plain = await send("GET", `/${bucket}?encoding-type=url&prefix=s%20p`);
    expect(plain.body).toContain("<Key>s+p%2B%25/%C3%BC</Key>");
  });

  test.each(["max-keys=-1", "max-keys=x", "encoding-type=base64", "list-type=2&continuation-token=%21"])(
    "%s is refused",
    async (query) => {
      const { status, body } = await send("GET", `/${bucket}?${query}`);

      expect(status).toBe(400);
      expect(body).toContain("<Code>InvalidArgument</Code>");
    },
  );
});

describe("uploads", () => {
  test("a body of unknown length, framed and with its checksum in a trailer, is taken apart", async () => {
    const stream = Readable.from([Buffer.alloc(70_000, "a"), Buffer.alloc(70_000, "b")]);

    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: "k",
        Body: stream,
        ContentLength: 140_000,
        ContentEncoding: "gzip",
        ChecksumAlgorithm: "CRC32",
      }),
    );

    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "k" }));
    expect(object.ContentEncoding).toBe("gzip");
    expect(await object.Body?.transformToString()).toBe("a".repeat(70_000) + "b".repeat(70_000));
  });

  test("signed chunks are taken apart too", async () => {
    const signature = `;chunk-signature=${"0".repeat(64)}`;
    const body = `5${signature}\r\nhello\r\n0${signature}\r\nx-amz-checksum-crc32:NhCmhg==\r\nx-amz-trailer-signature:0\r\n\r\n`;
    const headers = {
      "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "5",
      "x-amz-trailer": "x-amz-checksum-crc32",
      "content-encoding": "aws-chunked",
    };

    const { status, headers: answered } = await send("PUT", `/${bucket}/k`, headers, body);

    expect(status).toBe(200);
    expect(answered["x-amz-checksum-crc32"]).toBe("NhCmhg==");
    expect(await read("k")).toBe("hello");
  });

  test.each([
    ["that ends early", "5\r\nhel"],
    ["with no last chunk", "5\r\nhello\r\n"],
    ["that is not framed", "hello"],
    ["of another length", "4\r\nhell\r\n0\r\n\r\n"],
  ])("a framed body %s is refused", async (_what, body) => {
    const headers = {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-decoded-content-length": "5",
    };

    const answer = await send("PUT", `/${bucket}/k`, headers, body);

    expect(answer.body).toContain("<Code>IncompleteBody</Code>");
    expect(await keys()).toEqual([]);
  });

  // The check values of the CRC catalogue and of the hashes, for the bytes `123456789`.
  test.each([
    ["content-md5", "JfnnlDI7RTiF9RgfG2JNCw=="],
    ["x-amz-checksum-crc32", "y/Q5Jg=="],
    ["x-amz-checksum-crc32c", "4waSgw=="],
    ["x-amz-checksum-crc64nvme", "rosUhgp5mIg="],
    ["x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="],
    ["x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="],
  ])("the checksum in %s is verified", async (name, checksum) => {
    const good = await send("PUT", `/${bucket}/good`, { [name]: checksum }, "123456789");
    const bad = await send("PUT", `/${bucket}/bad`, { [name]: checksum }, "123456780");
    const broken = await send("PUT", `/${bucket}/bad`, { [name]: "AAA=" }, "123456789");

    expect(good.status).toBe(200);
    expect(bad.body).toContain("<Code>BadDigest</Code>");
    expect(broken.status).toBe(400);
    expect(await keys()).toEqual(["good"]);
  });

  test("a trailer that was announced and does not come fails the put", async () => {
    const headers = {
      "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
      "x-amz-trailer": "x-amz-checksum-crc32",
    };

    const { status } = await send("PUT", `/${bucket}/k`, headers, "5\r\nhello\r\n0\r\n\r\n");

    expect(status).toBe(400);
    expect(await keys()).toEqual([]);
  });
});

describe("uploads in parts", () => {
  const part = Buffer.alloc(5 * 1024 * 1024, "p");
  const Key = "big";
  let UploadId: string | undefined;

  beforeEach(async () => {
    const created = await s3.send(
      new CreateMultipartUploadCommand({
        Bucket: bucket,
        Key,
        ContentType: "text/plain",
        Metadata: { a: "b" },
      }),
    );
    UploadId = created.UploadId;
  });

  const uploadPart = async (PartNumber: number, Body: Buffer): Promise<CompletedPart> => {
    const { ETag } = await s3.send(
      new UploadPartCommand({ Bucket: bucket, Key, UploadId, PartNumber, Body }),
    );
    return { PartNumber, ETag };
  };
  const complete = (...Parts: readonly CompletedPart[]): Promise<unknown> =>
    s3.send(
      new CompleteMultipartUploadCommand({
        Bucket: bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts: [...Parts] },
      }),
    );

  test("the parts that are named make the object, with the settings of its beginning", async () => {
    const last = await uploadPart(3, Buffer.from("end"));
    const first = await uploadPart(1, part);
    await uploadPart(2, Buffer.from("left out"));

    await complete(first, last);

    const object = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
    expect(object).toMatchObject({ ContentType: "text/plain", Metadata: { a: "b" } });
    expect(object.ContentLength).toBe(part.length + 3);
    expect(await object.Body?.transformToString()).toBe(`${part}end`);
    await expect(complete(first, last)).rejects.toMatchObject({ name: "NoSuchUpload" });
  });

  test("parts that are small, out of order or not as they were sent make nothing", async () => {
    const small = await uploadPart(1, Buffer.from("small"));
    const large = await uploadPart(2, part);

    await expect(complete(small, large)).rejects.toMatchObject({ name: "EntityTooSmall" });
    await expect(complete(large, small)).rejects.toMatchObject({ name: "InvalidPartOrder" });
    await expect(complete({ ...large, ETag: small.ETag })).rejects.toMatchObject({ name: "InvalidPart" });
    await expect(complete({ ...large, PartNumber: 9 })).rejects.toMatchObject({ name: "InvalidPart" });
    await expect(uploadPart(10_001, part)).rejects.toMatchObject({ name: "InvalidArgument" });
    expect(await keys()).toEqual([]);
  });

  test("an aborted upload is gone", async () => {
    await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key, UploadId }));

    await expect(uploadPart(1, part)).rejects.toMatchObject({ name: "NoSuchUpload" });
  });

  test("an upload is its bucket's and key's alone", async () => {
    const other = new UploadPartCommand({
      Bucket: bucket,
      Key: "other",
      UploadId,
      PartNumber: 1,
      Body: part,
    });

    await expect(s3.send(other)).rejects.toMatchObject({ name: "NoSuchUpload" });
  });
});

describe("addresses", () => {
  test.each([
    `${bucket}.localhost`,
    `${bucket}.s3.localhost`,
    `${bucket}.s3.us-east-1.localhost`,
    `${bucket}.s3.localhost.localstack.cloud`,
  ])("%s names the bucket", async (host) => {
    await put("some/key", "x");

    const { body } = await send("GET", "/some/key", { host: `${host}:4570` });
    const listing = await send("GET", "/", { host });

    expect(body).toBe("x");
    expect(listing.body).toContain("<Key>some/key</Key>");
  });

  test.each(["localhost:4570", "127.0.0.1", "s3.localhost", "s3.us-east-1.localhost", "[::1]:4570"])(
    "on %s the path names the bucket",
    async (host) => {
      await put("k", "x");

      const { body } = await send("GET", `/${bucket}/k`, { host });

      expect(body).toBe("x");
    },
  );
});

describe("errors", () => {
  test("an error is S3's XML with the request's id", async () => {
    const { status, headers, body } = await send("GET", `/${bucket}/a%26b`);

    expect(status).toBe(404);
    expect(headers["content-type"]).toBe("application/xml");
    expect(body).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>NoSuchKey<\/Code>/);
    expect(body).toContain("<Key>a&amp;b</Key>");
    expect(body).toContain(`<RequestId>${headers["x-amz-request-id"]}</RequestId>`);
  });

  test("an error to a HEAD has no body", async () => {
    const { status, body } = await send("HEAD", "/no-such-bucket");

    expect(status).toBe(404);
    expect(body).toBe("");
  });

  test.each([
    ["GET", ""],
    ["GET", "?location"],
    ["GET", "/k"],
    ["PUT", "/k"],
    ["DELETE", ""],
    ["DELETE", "/k"],
  ])("%s %s in a bucket that is not there is NoSuchBucket", async (method, rest) => {
    const { status, body } = await send(method, `/no-such-bucket${rest}`);

    expect(status).toBe(404);
    expect(body).toContain("<Code>NoSuchBucket</Code>");
  });

  test("what is not there of S3 is NotImplemented, and says what that is", async () => {
    await expect(s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: "k" }))).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringContaining("?tagging"),
    });
    const tagged = await send("PUT", `/${bucket}/k`, { "x-amz-tagging": "a=b" });
    const patch = await send("PATCH", `/${bucket}/k`);

    expect(tagged.body).toContain("<Code>NotImplemented</Code>");
    expect(tagged.body).toContain("x-amz-tagging");
    expect(patch.body).toContain("<Code>MethodNotAllowed</Code>");
  });

  test.each(["", "<", "<Other/>", "<Delete></Delete>", "<Delete><Object><Key/></Object></Delete>"])(
    "DeleteObjects of %s is MalformedXML",
    async (document) => {
      const { body } = await send("POST", `/${bucket}?delete`, {}, document);

      expect(body).toContain("<Code>MalformedXML</Code>");
    },
  );

  test("a document with entities of its own is refused", async () => {
    const bomb = '<!DOCTYPE d [<!ENTITY a "aaaa">]><Delete><Object><Key>&a;</Key></Object></Delete>';

    const { body } = await send("POST", `/${bucket}?delete`, {}, bomb);

    expect(body).toContain("<Code>MalformedXML</Code>");
  });

  test("a caller that says whose bucket it means gets no other", async () => {
    const of = (ExpectedBucketOwner: string): Promise<unknown> =>
      s3.send(new ListObjectsV2Command({ Bucket: bucket, ExpectedBucketOwner }));

    await of("111122223333");

    await expect(of("444455556666")).rejects.toMatchObject({ name: "AccessDenied" });
  });

  test("a fault of the host is an InternalError to the caller and is reported", async () => {
    const fault = new Error("disk is gone");
    objects.details = async () => {
      throw fault;
    };

    const { status, body } = await send("GET", `/${bucket}/k`);

    expect(status).toBe(500);
    expect(body).toContain("<Code>InternalError</Code>");
    expect(body).not.toContain("disk");
    expect(failures).toEqual([fault]);
  });

  test("a path that is not UTF-8 is refused", async () => {
    const { status, body } = await send("GET", `/${bucket}/%ff`);

    expect(status).toBe(400);
    expect(body).toContain("<Code>InvalidURI</Code>");
  });
});

async function serve(caller: Partial<Caller> = {}): Promise<ServiceServer> {
  const started = await serveService(
    makeS3Api({ objects, reportFailure: (error) => failures.push(error) }),
    () => caller,
  );
  opened.push(started);
  return started;
}

function client(config: S3ClientConfig = {}, { endpoint } = server): S3Client {
  const credentials = { accessKeyId: "111122223333", secretAccessKey: "secret" };
  const made = new S3Client({ region: "us-east-1", endpoint, credentials, forcePathStyle: true, ...config });
  opened.push({ close: () => made.destroy() });
  return made;
}

async function put(Key: string, Body: string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
}

async function read(Key: string): Promise<string | undefined> {
  return (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();
}

async function keys(pageSize = 1000): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3, pageSize }, { Bucket: bucket })) {
    found.push(...Contents.flatMap(({ Key }) => Key ?? []));
  }
  return found;
}

/** As the AWS CLI does it: without a delimiter the last key is the next marker. */
async function keysV1(MaxKeys: number): Promise<readonly string[]> {
  const found: string[] = [];
  for (;;) {
    const page = await s3.send(
      new ListObjectsCommand({ Bucket: bucket, MaxKeys, Marker: found.at(-1), EncodingType: "url" }),
    );
    found.push(...(page.Contents ?? []).flatMap(({ Key }) => decodeURIComponent(Key ?? "")));
    if (!page.IsTruncated) return found;
  }
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** One request as it is written here, without an SDK's help. */
function send(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body = "",
  { port } = server,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ host: "127.0.0.1", port, method, path, headers }, (message) => {
      text(message).then(
        (answer) => resolve({ status: message.statusCode ?? 0, headers: message.headers, body: answer }),
        reject,
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}
