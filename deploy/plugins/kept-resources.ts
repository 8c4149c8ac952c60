import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { HeadBucketCommand, NotFound, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  deleteSigningKey,
  kmsSigningKeys,
  signingKeysInUse,
} from "../../shared/adapters/aws/signing-keys.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import { type ExportedKeys, exportedKey } from "../../shared/api/public-keys.ts";
import type { AwsProvider, Hooks, PluginWriters, Serverless } from "./serverless.ts";
import { stackResources } from "./stack-resources.ts";

/** Where the public keys stay when the stack goes: `opentrail validate-logs --public-keys` reads them. */
const PUBLIC_KEYS = "opentrail-public-keys.json";

const BUCKETS = ["TrailBucket", "BlocksBucket"];

/**
 * With `serverless remove` everything goes but the buckets, and this says which they are, and which went all the same: not
 * every emulator's CloudFormation keeps what it is told to. Signing keys are none of the stack's resources, since the digest
 * function makes them: they are deleted here. Their public halves are put in the trail bucket first, because without them
 * nobody could validate the log files that stay.
 */
export default class KeptResources {
  readonly hooks: Hooks;

  constructor(serverless: Serverless, _options: unknown, { log }: PluginWriters) {
    let kept: Kept | undefined;
    this.hooks = {
      "before:remove:remove": async () => {
        kept = await keep(serverless.getProvider("aws"));
      },
      "after:remove:remove": async () => {
        const { buckets = [], keyIds = [] } = kept ?? {};
        const config = await serverless.getProvider("aws").getAwsSdkV3Config();
        const kms = new KMSClient(config);
        for (const keyId of keyIds) {
          await deleteSigningKey(kms, keyId);
          log.notice(`Deleted in a week, unless you cancel it: the signing key ${keyId}`);
        }
        const s3 = s3Client(config);
        for (const bucket of buckets) {
          if (await isThere(s3, bucket)) log.notice(`Kept, with what is in it: the bucket ${bucket}`);
          else log.warning(`Removed by CloudFormation, though it was told to keep it: the bucket ${bucket}`);
        }
      },
    };
  }
}

/** Emulators are not found at the names of buckets. */
function s3Client(config: object): S3Client {
  return new S3Client({ ...config, forcePathStyle: Boolean(process.env.AWS_ENDPOINT_URL) });
}

/** Whoever may remove a stack need not be allowed to look at its buckets: only an answer that there is none counts. */
async function isThere(s3: S3Client, Bucket: string): Promise<boolean> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket }));
    return true;
  } catch (error) {
    return !(error instanceof NotFound);
  }
}

interface Kept {
  readonly buckets: readonly string[];
  /** KMS keys that go once the stack is gone. */
  readonly keyIds: readonly string[];
}

async function keep(provider: AwsProvider): Promise<Kept> {
  const names = await stackResources(provider);
  const table = names.get("DigestsTable");
  const trailBucket = names.get("TrailBucket");
  const buckets = BUCKETS.flatMap((id) => names.get(id) ?? []);
  if (table === undefined || trailBucket === undefined) return { buckets, keyIds: [] };
  const config = await provider.getAwsSdkV3Config();
  const dynamo = new DynamoDBClient(config);
  const keys = kmsSigningKeys(new KMSClient(config), dynamo, systemClock, { table, maxAgeMs: 0 });
  const PublicKeyList = (await keys.all()).map(exportedKey);
  if (PublicKeyList.length > 0) {
    const s3 = s3Client(config);
    const Body = `${JSON.stringify({ PublicKeyList } satisfies ExportedKeys, null, 2)}\n`;
    await s3.send(new PutObjectCommand({ Bucket: trailBucket, Key: PUBLIC_KEYS, Body }));
  }
  return { buckets, keyIds: await signingKeysInUse(dynamo, table) };
}
