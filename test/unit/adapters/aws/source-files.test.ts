import { Readable } from "node:stream";
import { GetObjectCommand, NoSuchBucket, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import { mockClient } from "aws-sdk-client-mock";
import { describe, expect, it } from "vitest";
import { s3SourceFiles } from "../../../../shared/adapters/aws/source-files.ts";
import { SourceFileNotFound } from "../../../../shared/ports/source-files.ts";

describe("a log file in S3", () => {
  it.each([
    [{ "written-by": "opentrail" }, true],
    [{}, false],
    [undefined, false],
  ])("with the metadata %j is OpenTrail's own: %s", async (Metadata, isOwn) => {
    const { files } = answering({ Metadata });

    const file = await files.open("b", "k");

    expect(file).toMatchObject({ etag: "5f4d", size: 7, isOwn });
  });

  it("is read as it comes", async () => {
    const { files } = answering({});
    const file = await files.open("b", "k");

    const chunks: Uint8Array[] = [];
    for await (const chunk of file.bytes()) chunks.push(chunk);

    expect(Buffer.concat(chunks).toString()).toBe("content");
  });

  it("that is given up closes its connection", async () => {
    const { files, body } = answering({});
    const file = await files.open("b", "k");

    file.discard();

    expect(body.destroyed).toBe(true);
  });

  it.each([NoSuchKey, NoSuchBucket])("that is not there is not found", async (Missing) => {
    const s3 = mockClient(S3Client);
    s3.on(GetObjectCommand).rejects(new Missing({ message: "gone", $metadata: {} }));

    const opening = s3SourceFiles(new S3Client({})).open("b", "k");

    await expect(opening).rejects.toBeInstanceOf(SourceFileNotFound);
    await expect(opening).rejects.toThrow(`${Missing.name}: there is no s3://b/k`);
  });

  it("that may not be read has S3's own error", async () => {
    const s3 = mockClient(S3Client);
    s3.on(GetObjectCommand).rejects(Object.assign(new Error("Access Denied"), { name: "AccessDenied" }));

    const opening = s3SourceFiles(new S3Client({})).open("b", "k");

    await expect(opening).rejects.toThrow("Access Denied");
  });
});

function answering(changes: object) {
  const body = Readable.from([Buffer.from("con"), Buffer.from("tent")]);
  mockClient(S3Client)
    .on(GetObjectCommand)
    .resolves({ Body: body as never, ETag: '"5f4d"', ContentLength: 7, ...changes });
  return { files: s3SourceFiles(new S3Client({})), body };
}
