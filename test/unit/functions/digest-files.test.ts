import { createPublicKey, verify } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { dynamoDeliveryStatus } from "../../../shared/adapters/aws/delivery-status.ts";
import { dynamoLedger } from "../../../shared/adapters/aws/ledger.ts";
import { kmsSigningKeys } from "../../../shared/adapters/aws/signing-keys.ts";
import { dynamoTrailStore } from "../../../shared/adapters/aws/trail-store.ts";
import { systemClock } from "../../../shared/adapters/system-clock.ts";
import { type DigestContent, signedText } from "../../../shared/integrity/digest-file.ts";
import { createTable } from "../../support/aws-tables.ts";
import { describeWithMoto } from "../../support/moto.ts";
import { makeTrail } from "../../support/trail.ts";

const BUCKET = "digest-logs";
const HOUR = 60 * 60_000;

describeWithMoto("the digest function, over AWS's services in moto", (config) => {
  let dynamo: DynamoDBClient;
  let s3: S3Client;
  let tables: { trails: string; ledger: string; digests: string; deliveryStatus: string };

  beforeAll(async () => {
    dynamo = new DynamoDBClient(config());
    s3 = new S3Client({ ...config(), forcePathStyle: true });
    tables = {
      trails: await createTable(dynamo, "trails"),
      ledger: await createTable(dynamo, "ledger"),
      digests: await createTable(dynamo, "digests"),
      deliveryStatus: await createTable(dynamo, "deliveryStatus"),
    };
    await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
    const { endpoint, region, credentials } = config();
    const environment = {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_ACCESS_KEY_ID: credentials.accessKeyId,
      AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
      POWERTOOLS_LOG_LEVEL: "SILENT",
      POWERTOOLS_METRICS_DISABLED: "true",
      OPENTRAIL_TRAILS_TABLE: tables.trails,
      OPENTRAIL_LEDGER_TABLE: tables.ledger,
      OPENTRAIL_DIGESTS_TABLE: tables.digests,
      OPENTRAIL_DELIVERY_STATUS_TABLE: tables.deliveryStatus,
    };
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
  });

  afterAll(() => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
  });

  it("an hour after a trail's first log file its starting digest is in the bucket, signed by KMS", async () => {
    const trail = makeTrail({ s3BucketName: BUCKET, logFileValidationEnabled: true });
    await dynamoTrailStore(dynamo, tables.trails).put(trail, 0);
    const ledger = dynamoLedger(dynamo, systemClock, tables.ledger);
    const id = `${BUCKET}/log-file`;
    await ledger.openFile({
      ...{ id, bucket: BUCKET, key: "log-file", trailArn: trail.trailArn },
      ...{ recipientAccountId: trail.accountId, awsRegion: "eu-west-1", kind: "management" },
      ...{ state: "open", leaseUntil: Date.now() + 60_000, digestFolder: {} },
    });
    await ledger.sealFile(id, { sha256: "ab", oldestEventTime: 0, newestEventTime: 1_000, records: 1 });
    await ledger.settleFile(id);
    const { handler } = await import("../../../functions/digest/digest-files.ts");
    const early = [await handler(undefined), await handler(undefined)];
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + HOUR });

    const report = await handler(undefined);

    expect(early).toEqual([
      { delivered: 0, backfills: 0, failed: 0 },
      { delivered: 0, backfills: 0, failed: 0 },
    ]);
    expect(report).toEqual({ delivered: 1, backfills: 0, failed: 0 });
    const { Contents: [object] = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
    const { Body, Metadata } = await s3.send(
      new GetObjectCommand({ Bucket: BUCKET, Key: object?.Key ?? "" }),
    );
    const text = gunzipSync((await Body?.transformToByteArray()) ?? new Uint8Array());
    const digest = JSON.parse(text.toString()) as DigestContent;
    expect(digest.logFiles).toHaveLength(1);
    expect(digest.previousDigestSignature).toBeNull();
    const keys = kmsSigningKeys(new KMSClient(config()), dynamo, systemClock, {
      table: tables.digests,
      maxAgeMs: HOUR,
    });
    const [key] = await keys.list("eu-west-1", Date.now(), Date.now());
    const publicKey = createPublicKey({
      key: key?.publicKey ?? Buffer.alloc(0),
      type: "pkcs1",
      format: "der",
    });
    const signature = Buffer.from(Metadata?.signature ?? "", "hex");
    expect(verify("sha256", signedText(digest, text), publicKey, signature)).toBe(true);
    const status = await dynamoDeliveryStatus(dynamo, tables.deliveryStatus).read(trail.trailArn);
    expect(status.digest?.latestSuccessAt).toBeGreaterThan(0);
  });
});
