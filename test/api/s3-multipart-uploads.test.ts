import { expect, test } from "vitest";
import { MultipartUploads } from "../../local/s3/multipart-uploads.ts";

const settings = { contentType: "text/plain" };

test("where uploads outgrow their room, the one that was longest untouched is dropped", () => {
  const uploads = new MultipartUploads(100);
  const [abandoned, busy, latest] = ["1", "2", "3"].map((key) => uploads.create("b", key, settings));
  uploads.putPart(abandoned ?? "", "b", "1", 1, Buffer.alloc(40));
  uploads.putPart(busy ?? "", "b", "2", 1, Buffer.alloc(40));

  uploads.putPart(latest ?? "", "b", "3", 1, Buffer.alloc(40));

  expect(() => uploads.remove(abandoned ?? "", "b", "1")).toThrowError(
    expect.objectContaining({ code: "NoSuchUpload" }),
  );
  uploads.remove(busy ?? "", "b", "2");
  uploads.remove(latest ?? "", "b", "3");
});

test("an upload that alone outgrows the room is refused its part and keeps the others", () => {
  const uploads = new MultipartUploads(100);
  const id = uploads.create("b", "k", settings);
  const etag = uploads.putPart(id, "b", "k", 1, Buffer.alloc(60));

  expect(() => uploads.putPart(id, "b", "k", 2, Buffer.alloc(60))).toThrowError(
    expect.objectContaining({ code: "EntityTooLarge" }),
  );
  expect(() => uploads.putPart(id, "b", "k", 1, Buffer.alloc(101))).toThrowError(
    expect.objectContaining({ code: "EntityTooLarge" }),
  );

  const { content } = uploads.assemble(id, "b", "k", [{ partNumber: 1, etag }]);
  expect(content.length).toBe(60);
});
