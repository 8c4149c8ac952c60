import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, it } from "vitest";
import { InvalidGzip, inflateMember, TrailingData } from "../../../shared/integrity/inflate-member.ts";

const TEXT = Buffer.from('{"Records":[]}');

it("what was zipped comes out, whatever it is", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 5_000 }),
      fc.integer({ min: 1, max: 9 }),
      async (bytes, level) => {
        expect(await inflateMember(gzipSync(bytes, { level }))).toEqual(Buffer.from(bytes));
      },
    ),
    { numRuns: 60 },
  );
});

it("a file name, a comment, extra fields and a checksum in the header are passed over", async () => {
  const plain = gzipSync(TEXT);
  const header = Buffer.concat([
    Buffer.from([0x1f, 0x8b, 8, 2 | 4 | 8 | 16, 0, 0, 0, 0, 0, 3]),
    Buffer.from([2, 0, 0x41, 0x42]),
    Buffer.from("name\0comment\0"),
    Buffer.from([0, 0]),
  ]);

  expect(await inflateMember(Buffer.concat([header, plain.subarray(10)]))).toEqual(TEXT);
});

it("a byte that is changed is found, unless the content is the same all the same", async () => {
  const file = gzipSync(TEXT);

  for (const at of file.keys()) {
    const changed = Buffer.from(file);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    const outcome = await inflateMember(changed).catch((error) => error);
    expect(outcome instanceof InvalidGzip || TEXT.equals(outcome), `byte ${at}`).toBe(true);
  }
});

it.each([
  ["another member", gzipSync("more")],
  ["an empty member", gzipSync("")],
  ["anything else", Buffer.from("x")],
])("%s behind the member is found", async (_what, tail) => {
  const file = Buffer.concat([gzipSync(TEXT), tail]);

  await expect(inflateMember(file)).rejects.toThrow(TrailingData);
});

it("a file that is cut off anywhere is found", async () => {
  const file = gzipSync(TEXT);

  for (let length = 0; length < file.length; length += 1) {
    await expect(inflateMember(file.subarray(0, length)), `${length} bytes`).rejects.toThrow(InvalidGzip);
  }
});

it("agrees with gunzip on a large file", async () => {
  const file = gzipSync(Buffer.alloc(3_000_000, "abcdefgh"));

  expect(await inflateMember(file)).toEqual(gunzipSync(file));
});
