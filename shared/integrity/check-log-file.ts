import { hash } from "node:crypto";
import type { LogBuckets } from "../ports/log-buckets.ts";
import { NOT_FOUND } from "./check-digest.ts";
import type { DigestLogFile } from "./digest-file.ts";
import { InvalidGzip, inflateMember, TrailingData } from "./inflate-member.ts";

/** What is wrong with a log file that a digest lists, or undefined. @throws what the buckets throw */
export async function checkLogFile(
  buckets: LogBuckets,
  { s3Bucket, s3Object, hashValue }: DigestLogFile,
): Promise<string | undefined> {
  const object = await buckets.get(s3Bucket, s3Object);
  if (object === undefined) {
    return NOT_FOUND;
  }
  try {
    const content = await inflateMember(object.body);
    return hash("sha256", content, "hex") === hashValue ? undefined : "hash value doesn't match";
  } catch (error) {
    if (error instanceof TrailingData) {
      return "unexpected data after end of compressed stream";
    }
    if (error instanceof InvalidGzip) {
      return "invalid format";
    }
    throw error;
  }
}
