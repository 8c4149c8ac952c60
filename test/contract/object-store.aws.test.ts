import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { s3ObjectStore } from "../../shared/adapters/aws/object-store.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { describeWithMoto } from "../support/moto.ts";
import { describeObjectStoreContract } from "./object-store.suite.ts";

describeWithMoto("S3 in moto", (config) => {
  describeObjectStoreContract("aws", async () => {
    const client = new S3Client({ ...config(), forcePathStyle: true });
    const bucket = `trail-logs-${crypto.randomUUID()}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return {
      objects: s3ObjectStore(client, systemClock),
      bucket,
      close: async () => client.destroy(),
    };
  });
});
