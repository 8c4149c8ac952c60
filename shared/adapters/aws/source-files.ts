import type { Readable } from "node:stream";
import { GetObjectCommand, NoSuchBucket, NoSuchKey, type S3Client } from "@aws-sdk/client-s3";
import { SourceFileNotFound, type SourceFiles } from "../../ports/source-files.ts";
import { isWrittenByOpenTrail } from "./written-by.ts";

/**
 * Log files in S3. A reader without the right to list the bucket is answered AccessDenied for an object that is
 * missing: grant `s3:ListBucket`.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function s3SourceFiles(client: S3Client): SourceFiles {
  return {
    async open(bucket, key) {
      const { Body, ETag, ContentLength, Metadata } = await get(client, bucket, key);
      if (Body === undefined) throw new Error(`s3://${bucket}/${key} has no body`);
      const body = Body as Readable;
      return {
        etag: (ETag ?? "").replaceAll('"', ""),
        size: ContentLength ?? 0,
        isOwn: isWrittenByOpenTrail(Metadata ?? {}),
        bytes: () => body,
        discard: () => {
          // The rest of the body would keep the connection busy. Whoever gives it up cares for no error of it.
          body.on("error", () => undefined);
          body.destroy();
        },
      };
    },
  };
}

async function get(client: S3Client, bucket: string, key: string) {
  try {
    return await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  } catch (cause) {
    if (cause instanceof NoSuchKey || cause instanceof NoSuchBucket) {
      throw new SourceFileNotFound(`${cause.name}: there is no s3://${bucket}/${key}`, { cause });
    }
    throw cause;
  }
}
