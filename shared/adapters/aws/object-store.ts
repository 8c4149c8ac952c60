import {
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { Clock } from "../../ports/clock.ts";
import {
  BucketAccessDenied,
  BucketNotFound,
  ObjectExists,
  type ObjectSettings,
  type ObjectStore,
} from "../../ports/object-store.ts";
import { WRITTEN_BY, withoutMark } from "./written-by.ts";

/** Puts of one object, while another put of the same key is under way. */
const MAX_PUTS = 5;

/**
 * S3. A put is conditional (`If-None-Match: *`): S3 answers 412 where an object is, and 409
 * ConditionalRequestConflict while another put or delete of that key is being decided, which is tried again.
 * ObjectExists may be told of an object that this very call wrote, when the first answer was lost on the way.
 * Objects carry a mark in their metadata, by which a source of log files knows them: it leaves them alone.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function s3ObjectStore(client: S3Client, clock: Clock): ObjectStore {
  async function bucketExists(bucket: string): Promise<boolean> {
    try {
      await client.send(new HeadBucketCommand({ Bucket: bucket }));
      return true;
    } catch (error) {
      if (httpStatus(error) === 404) return false;
      throw portError(error, bucket);
    }
  }

  return {
    async putNew(bucket, key, body, settings) {
      for (let put = 1; ; put++) {
        try {
          await client.send(
            new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ...putParameters(settings) }),
          );
          return;
        } catch (error) {
          if (httpStatus(error) === 412) throw new ObjectExists(`${bucket}/${key}`, { cause: error });
          if (!isConflict(error) || put === MAX_PUTS) {
            // What an earlier attempt of the SDK did is not known: it may have written the object.
            throw attempts(error) === 1 ? portError(error, bucket) : error;
          }
          await clock.sleep(50 * 2 ** put * Math.random());
        }
      }
    },

    async head(bucket, key) {
      try {
        const { ContentLength, Metadata } = await client.send(
          new HeadObjectCommand({ Bucket: bucket, Key: key }),
        );
        return { size: ContentLength ?? 0, metadata: withoutMark(Metadata ?? {}) };
      } catch (error) {
        if (httpStatus(error) !== 404) throw portError(error, bucket);
        // The answer to a HEAD has no body that would say whether it is the key that is missing or the bucket.
        if (await bucketExists(bucket)) return undefined;
        throw new BucketNotFound(bucket, { cause: error });
      }
    },

    bucketExists,
  };
}

function putParameters(settings: ObjectSettings): Omit<PutObjectCommandInput, "Bucket" | "Key"> {
  const { contentType, contentEncoding, metadata, kmsKeyId, encryptionContext } = settings;
  return {
    IfNoneMatch: "*",
    ACL: "bucket-owner-full-control",
    ContentType: contentType,
    ...(contentEncoding !== undefined && { ContentEncoding: contentEncoding }),
    Metadata: { ...metadata, ...WRITTEN_BY },
    ...(kmsKeyId !== undefined && {
      ServerSideEncryption: "aws:kms",
      SSEKMSKeyId: kmsKeyId,
      ...(encryptionContext && {
        SSEKMSEncryptionContext: Buffer.from(JSON.stringify(encryptionContext)).toString("base64"),
      }),
    }),
  };
}

/** The port's error for what S3 answered, or the error itself. */
function portError(error: unknown, bucket: string): unknown {
  if (error instanceof S3ServiceException && error.name === "NoSuchBucket") {
    return new BucketNotFound(bucket, { cause: error });
  }
  if (httpStatus(error) === 403) return new BucketAccessDenied(bucket, { cause: error });
  return error;
}

function isConflict(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === "ConditionalRequestConflict";
}

function httpStatus(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** How often the SDK sent the request before it gave up with this error. */
function attempts(error: unknown): number {
  return error instanceof S3ServiceException ? (error.$metadata.attempts ?? 1) : 1;
}
