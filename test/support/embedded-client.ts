import {
  CloudTrailClient,
  CreateTrailCommand,
  type CreateTrailCommandInput,
  DeleteTrailCommand,
  StartLoggingCommand,
} from "@aws-sdk/client-cloudtrail";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import type { ExportedKeys } from "../../shared/api/public-keys.ts";
import type { StatusReport } from "../../shared/api/status.ts";
import type { ValidationKey } from "../../shared/integrity/check-digest.ts";

const credentials = { accessKeyId: "111122223333", secretAccessKey: "test" };
const region = "us-east-1";

/** The settings of an SDK client that talks to an embedded host as account 111122223333 in us-east-1. */
export function clientSettings(endpoint: string) {
  return { endpoint, region, credentials, maxAttempts: 3 };
}

/** Makes a bucket and a logging all-region trail that delivers into it. */
export async function makeTrail(
  endpoint: string,
  name: string,
  bucket: string,
  settings: Partial<CreateTrailCommandInput> = {},
): Promise<void> {
  const s3 = new S3Client({ ...clientSettings(endpoint), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  const cloudTrail = new CloudTrailClient(clientSettings(endpoint));
  await cloudTrail.send(
    new CreateTrailCommand({ Name: name, S3BucketName: bucket, IsMultiRegionTrail: true, ...settings }),
  );
  await cloudTrail.send(new StartLoggingCommand({ Name: name }));
}

/** Deletes a trail. */
export async function deleteTrail(endpoint: string, name: string): Promise<void> {
  await new CloudTrailClient(clientSettings(endpoint)).send(new DeleteTrailCommand({ Name: name }));
}

/** The public keys of all regions. */
export async function readPublicKeys(endpoint: string): Promise<readonly ValidationKey[]> {
  const response = await fetch(`${endpoint}/_opentrail/public-keys`, {
    headers: { authorization: ACCOUNT_AUTHORIZATION },
  });
  const { PublicKeyList } = (await response.json()) as ExportedKeys;
  return PublicKeyList.map(({ Fingerprint, Value }) => ({
    fingerprint: Fingerprint,
    publicKey: Buffer.from(Value, "base64"),
  }));
}

/** An Authorization header that names the account; the host without credentials verifies no signature. */
export const ACCOUNT_AUTHORIZATION = `AWS4-HMAC-SHA256 Credential=111122223333/20260101/${region}/cloudtrail/aws4_request, SignedHeaders=host, Signature=00`;

/** Sends records in bulk. */
export async function putRecords(
  endpoint: string,
  body: string | Uint8Array<ArrayBuffer>,
): Promise<Response> {
  return fetch(`${endpoint}/_opentrail/records`, {
    method: "POST",
    headers: { authorization: ACCOUNT_AUTHORIZATION },
    body,
  });
}

export async function readStatus(endpoint: string): Promise<StatusReport> {
  const response = await fetch(`${endpoint}/_opentrail/status`, {
    headers: { authorization: ACCOUNT_AUTHORIZATION },
  });
  return (await response.json()) as StatusReport;
}

/** Waits until no stage has a message left. @throws if that takes longer than `timeoutMs` */
export async function waitUntilDelivered(endpoint: string, timeoutMs: number): Promise<StatusReport> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const status = await readStatus(endpoint);
    if (status.stages.every((stage) => stage.ready + stage.inFlight === 0)) {
      return status;
    }
    if (Date.now() > end) {
      throw new Error(`Not delivered after ${timeoutMs} ms: ${JSON.stringify(status, null, 2)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
