import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import packageJson from "../../package.json" with { type: "json" };
import { sqsDeadLetters } from "../adapters/aws/dead-letters.ts";
import { dynamoDeliveryStatus } from "../adapters/aws/delivery-status.ts";
import { sqsQueueDepth } from "../adapters/aws/message-queue.ts";
import { s3ObjectStore } from "../adapters/aws/object-store.ts";
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
import { keptFor } from "../api/kept-value.ts";
import { makeOrganizationsApi } from "../api/organizations-api.ts";
import { makePublicKeyPages } from "../api/public-key-pages.ts";
import { makePutAuditEvents } from "../api/put-audit-events.ts";
import { makeHealthPage, makeStatusPage, readQueueStatus } from "../api/status-page.ts";
import { storedCredentials } from "../api/stored-credentials.ts";
import type { Metrics } from "../ports/metrics.ts";
import {
  composeBlocks,
  composeImports,
  composeIngest,
  composeSigningKeys,
  composeTopics,
  composeTrailLogGroups,
  composeTrails,
  dynamo,
  openHistory,
  organizationOf,
  ownArns,
  REQUEST_LIMITS,
  s3,
} from "./aws.ts";
import { type Environment, InvalidEnvironment } from "./environment.ts";
import { logger } from "./lambda.ts";
import { queueAddresses } from "./queue-addresses.ts";

/** For how long the depths of the queues are answered again, in ms: anybody may ask for health, and each asking costs. */
const DEPTHS_KEPT_MS = 10_000;

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
  const ingest = composeIngest(env, metrics);
  const history = openHistory(env, PAGE_BYTES);
  const signingKeys = composeSigningKeys(env);
  const organization = organizationOf(env);
  const settings = dynamoSettingStore(dynamo(), env.text("OPENTRAIL_SETTINGS_TABLE"));
  const deliveryStatus = dynamoDeliveryStatus(dynamo(), env.text("OPENTRAIL_DELIVERY_STATUS_TABLE"));
  const { deadLetters, queueStatus } = composeQueues(env);
  const sources = { version: packageJson.version, host: "aws", queueStatus, trails, deliveryStatus };
  return makeDispatch(
    {
      cloudTrail: makeCloudTrailApi({
        ...{ trails, settings, deliveryStatus, signingKeys, history, ingest, clock, reportFailure },
        ...(organization && { organization }),
        objects: s3ObjectStore(s3(env), clock),
        logGroups: composeTrailLogGroups(),
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

function composeQueues(env: Environment) {
  // The queues' own addresses name AWS, also where an emulator keeps them.
  const client = new SQSClient({ ...REQUEST_LIMITS, useQueueUrlAsEndpoint: false });
  const blocks = composeBlocks(env);
  const addresses = queueAddresses(env);
  const deadLetters = sqsDeadLetters(client, blocks, systemClock, addresses);
  const queues = addresses.map(({ name, queueUrl }) => ({
    name,
    depth: () => sqsQueueDepth(client, queueUrl),
  }));
  const queueStatus = keptFor(systemClock, DEPTHS_KEPT_MS, () =>
    readQueueStatus({ clock: systemClock, queues, deadLetters }),
  );
  return { deadLetters, queueStatus };
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
