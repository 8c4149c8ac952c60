import { createHash } from "node:crypto";
import { crc32, crc32c, crc64nvme } from "./crc.ts";
import { s3Error } from "./s3-error.ts";

type Digest = (bytes: Uint8Array) => Buffer;

const hash =
  (name: string): Digest =>
  (bytes) =>
    createHash(name).update(bytes).digest();

/** Checksums that S3 takes, by the header or trailer that carries them in base64. */
const algorithms: Readonly<Record<string, Digest>> = {
  "content-md5": hash("md5"),
  "x-amz-checksum-crc32": crc32,
  "x-amz-checksum-crc32c": crc32c,
  "x-amz-checksum-crc64nvme": crc64nvme,
  "x-amz-checksum-sha1": hash("sha1"),
  "x-amz-checksum-sha256": hash("sha256"),
};

/**
 * Checks a body against every checksum that came with it, in a header or a trailer, and gives those of
 * `x-amz-checksum-…`, which S3 answers too.
 * @param headers headers and trailers, names in lower case
 * @throws BadDigest, InvalidDigest where it is no such checksum at all
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
 */
export function checkChecksums(
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const checked: Record<string, string> = {};
  for (const [name, digest] of Object.entries(algorithms)) {
    const given = headers[name];
    if (given === undefined) {
      continue;
    }

    const expected = digest(body).toString("base64");
    if (given.length !== expected.length) {
      throw name === "content-md5"
        ? s3Error("InvalidDigest")
        : s3Error("InvalidRequest", `Value for ${name} header is invalid.`);
    }
    if (given !== expected) {
      throw name === "content-md5"
        ? s3Error("BadDigest")
        : s3Error(
            "BadDigest",
            `The ${algorithmOf(name)} you specified did not match the calculated checksum.`,
          );
    }
    if (name !== "content-md5") {
      checked[name] = given;
    }
  }
  return checked;
}

function algorithmOf(header: string): string {
  return header.replace("x-amz-checksum-", "").toUpperCase();
}
