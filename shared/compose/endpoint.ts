import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import packageJson from "../../package.json" with { type: "json" };
import { type BlockStore, makeBlockStore } from "../adapters/aws/block-store.ts";
import { dynamoDeliveryStatus } from "../adapters/aws/delivery-status.ts";
import { secretsManagerSecrets } from "../adapters/aws/secrets.ts";
import { dynamoSettingStore } from "../adapters/aws/setting-store.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { makeBulkRecords } from "../api/bulk-records.ts";
import { makeCloudTrailApi } from "../api/cloudtrail.ts";
import { makeDeadLetterPages } from "../api/dead-letter-pages.ts";
import { type Dispatch, type Identify, makeDispatch } from "../api/dispatch.ts";
import { makeEventPages } from "../api/event-pages.ts";
import { identifySigned } from "../api/identify-signed.ts";
import { makeImportPages } from "../api/import-pages.ts";
import { makeOrganizationsApi } from "../api/organizations-api.ts";
import { makePublicKeyPages } from "../api/public-key-pages.ts";
import { makePutAuditEvents } from "../api/put-audit-events.ts";
import { makeHealthPage, makeStatusPage } from "../api/status-page.ts";
import { storedCredentials } from "../api/stored-credentials.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { SigningKeys } from "../ports/signing-keys.ts";
import { dynamo } from "./clients/dynamodb.ts";
import { REQUEST_LIMITS } from "./clients/settings.ts";
import { composeTopics } from "./clients/sns.ts";
import { type Environment, InvalidEnvironment } from "./environment.ts";
import { openHistory } from "./history.ts";
import { composeImports, composeIngest, ownArns } from "./ingest.ts";
import { logger } from "./lambda.ts";
import { lazyPort } from "./lazy-port.ts";
import { composeQueues } from "./queues.ts";
import { signingKeySettings } from "./signing-keys.ts";
import { composeTrails, organizationOf } from "./trails.ts";

/**
 * Records of a page of events, in bytes: JSON within JSON makes them twice as long at most, what is read out of them stands
 * beside, and all must fit Lambda's answer. LookupEvents has no limit of its own: fifty records may have 50 MB.
 */
const PAGE_BYTES = 1_500_000;

/**
 * For `functions/api/endpoint`: what the embedded host's port serves, but for the parts of S3, CloudWatch Logs and
 * EventBridge, which AWS itself has.
 * @throws InvalidEnvironment
 */
export function composeEndpoint(env: Environment, metrics: Metrics): Dispatch {
  const reportFailure = (error: unknown): void => logger.error("A call failed", error as Error);
  const clock = systemClock;
  const trails = composeTrails(env);
  const blocks = composeBlocks(env);
  const ingest = composeIngest(env, metrics, blocks);
  const history = openHistory(env, PAGE_BYTES);
  const signingKeys = composeSigningKeys(env);
  const organization = organizationOf(env);
  const settings = dynamoSettingStore(dynamo(), env.text("OPENTRAIL_SETTINGS_TABLE"));
  const deliveryStatus = dynamoDeliveryStatus(dynamo(), env.text("OPENTRAIL_DELIVERY_STATUS_TABLE"));
  const { deadLetters, queueStatus } = composeQueues(env, blocks);
  const sources = { version: packageJson.version, host: "aws", queueStatus, trails, deliveryStatus };
  return makeDispatch(
    {
      cloudTrail: makeCloudTrailApi({
        ...{ trails, settings, deliveryStatus, signingKeys, history, ingest, clock, reportFailure },
        ...(organization && { organization }),
        objects: lazyPort(async () => (await seldom()).openObjects(env)),
        logGroups: lazyPort(async () => (await seldom()).composeTrailLogGroups()),
        topics: composeTopics(),
      }),
      putAuditEvents: makePutAuditEvents({ ingest, settings, clock, reportFailure }),
      organizations: makeOrganizationsApi(organization),
      bulkRecords: makeBulkRecords({ ingest, reportFailure }),
      imports: makeImportPages({
        ingest,
        imports: composeImports(env),
        own: ownArns(env),
        clock,
        reportFailure,
      }),
      health: makeHealthPage(sources),
      status: makeStatusPage(sources),
      events: makeEventPages(history),
      deadLetters: makeDeadLetterPages(deadLetters),
      publicKeys: makePublicKeyPages(signingKeys),
    },
    composeIdentify(env),
  );
}

const seldom = () => import("./endpoint-seldom.ts");

/** @throws InvalidEnvironment */
function composeBlocks(env: Environment): BlockStore {
  const bucket = env.text("OPENTRAIL_BLOCKS_BUCKET");
  return makeBlockStore(lazyPort(async () => (await seldom()).openBlockObjects(env, bucket)));
}

/** Digests are signed elsewhere: here the keys are listed, and renewed by hand. @throws InvalidEnvironment */
function composeSigningKeys(env: Environment): SigningKeys {
  const settings = signingKeySettings(env);
  return lazyPort(async () => (await seldom()).openSigningKeys(settings));
}

function composeIdentify(env: Environment): Identify {
  const remediationSecret = env.optional("OPENTRAIL_REMEDIATION_SECRET_ID");
  const publicUrl = env.optional("OPENTRAIL_PUBLIC_URL");
  if (publicUrl !== undefined && !URL.canParse(publicUrl.replace("{id}", "id"))) {
    throw new InvalidEnvironment(`OPENTRAIL_PUBLIC_URL is no URL: ${publicUrl}`);
  }
  return identifySigned({
    credentials: storedCredentials({
      secrets: secretsManagerSecrets(new SecretsManagerClient(REQUEST_LIMITS)),
      clock: systemClock,
      credentialsSecret: env.text("OPENTRAIL_CREDENTIALS_SECRET"),
      ...(remediationSecret !== undefined && { remediationSecret }),
      reportProblem: (message, cause) => logger.error(message, ...(cause ? [cause as Error] : [])),
    }),
    clock: systemClock,
    ...(publicUrl !== undefined && { publicUrl }),
  });
}
