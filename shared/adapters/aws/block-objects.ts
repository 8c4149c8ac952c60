import { GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";

/** A bucket of OpenTrail's own. */
export interface BlockObjects {
  /** Resolves when the object is durable; one that is there under the key is replaced. @throws S3's error */
  put(key: string, block: Buffer): Promise<void>;
  /** @throws S3's error, also where there is none */
  get(key: string): Promise<Buffer>;
}

export function s3BlockObjects(client: S3Client, bucket: string): BlockObjects {
  return {
    async put(key, block) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: block }));
    },
    async get(key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body === undefined) throw new Error(`The block ${key} has no body`);
      return Buffer.from(await Body.transformToByteArray());
    },
  };
}
