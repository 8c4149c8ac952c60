import { ListObjectsV2Command, type S3Client } from "@aws-sdk/client-s3";
import { s3SourceFiles } from "../../shared/adapters/aws/source-files.ts";
import type { LogFileEntry } from "./log-file-entry.ts";

/** A place in S3. */
export interface S3Location {
  readonly bucket: string;
  readonly prefix: string;
}

/** Reads `s3://bucket/prefix`; undefined if the text is something else. */
export function parseS3Location(text: string): S3Location | undefined {
  const [, bucket, prefix = ""] = /^s3:\/\/([^/]+)(?:\/(.*))?$/.exec(text) ?? [];
  return bucket === undefined ? undefined : { bucket, prefix };
}

/** All objects under a prefix, in the order of their keys, a page of the listing at a time. */
export async function* bucketEntries(
  client: S3Client,
  { bucket, prefix }: S3Location,
): AsyncGenerator<LogFileEntry> {
  const files = s3SourceFiles(client);
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token !== undefined && { ContinuationToken: token }),
      }),
    );
    for (const { Key: key, Size: size, ETag } of page.Contents ?? []) {
      if (key === undefined) continue;
      const etag = (ETag ?? "").replaceAll('"', "");
      yield {
        label: `s3://${bucket}/${key}`,
        bucket,
        key,
        size: size ?? 0,
        etag: async () => etag,
        open: () => files.open(bucket, key),
      };
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
}
