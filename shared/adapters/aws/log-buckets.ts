import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import type { LogBuckets } from "../../ports/log-buckets.ts";

/** Buckets in S3. */
export function s3LogBuckets(client: S3Client): LogBuckets {
  return {
    async *keys(bucket, prefix, after) {
      let token: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(token === undefined ? after !== "" && { StartAfter: after } : { ContinuationToken: token }),
          }),
        );
        for (const { Key: key } of page.Contents ?? []) {
          if (key !== undefined) yield key;
        }
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },

    async get(bucket, key) {
      try {
        const { Body: body, Metadata: metadata } = await client.send(
          new GetObjectCommand({ Bucket: bucket, Key: key }),
        );
        return { body: Buffer.from((await body?.transformToByteArray()) ?? []), metadata: metadata ?? {} };
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
  };
}
