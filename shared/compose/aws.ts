import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient, type SNSClientConfig } from "@aws-sdk/client-sns";
import { snsActivityTopic } from "../adapters/aws/activity-topic.ts";
import { type BlockStore, s3BlockStore } from "../adapters/aws/block-store.ts";
import { dynamoDeliveryStatus } from "../adapters/aws/delivery-status.ts";
import { dynamoDigestStore } from "../adapters/aws/digest-store.ts";
import { eventBridgeBus } from "../adapters/aws/event-bus.ts";
import { dynamoImportStore } from "../adapters/aws/import-store.ts";
import { dynamoLedger } from "../adapters/aws/ledger.ts";
import { cloudWatchLogGroups } from "../adapters/aws/log-groups.ts";
import { s3ObjectStore } from "../adapters/aws/object-store.ts";
import { dynamoOrderedStore } from "../adapters/aws/ordered-store.ts";
import { kmsSigningKeys } from "../adapters/aws/signing-keys.ts";
import { s3SourceFiles } from "../adapters/aws/source-files.ts";
import { snsTopics } from "../adapters/aws/topics.ts";
import { dynamoTrailStore } from "../adapters/aws/trail-store.ts";
import { systemClock } from "../adapters/system-clock.ts";
import type { Deliver } from "../delivery/batch.ts";
import { createEventBusDelivery } from "../delivery/event-bus.ts";
import type { FencePorts } from "../delivery/fence.ts";
import { createHistoryDelivery } from "../delivery/history.ts";
import { createLogFileDelivery } from "../delivery/log-files.ts";
import { createLogGroupDelivery } from "../delivery/log-groups.ts";
import { type SweepReport, sweepOpenFiles } from "../delivery/sweep.ts";
import { History } from "../history/history.ts";
import type { HistoryScope } from "../history/history-category.ts";
import { type ActivityEvents, makeActivityEvents } from "../ingest/activity-events.ts";
import { DEFAULT_BUS_PATTERN } from "../ingest/default-bus-pattern.ts";
import { type Ingest, makeIngest } from "../ingest/ingest.ts";
import { makeTakeLogFiles, type TakeLogFiles } from "../ingest/log-files.ts";
import { type OwnArns, ownCallTest } from "../ingest/own-call.ts";
import { createDigestMaker, type DigestReport } from "../integrity/make-digests.ts";
import { type Organization, parseOrganization } from "../organization/organization.ts";
import { withOrganizationTrails } from "../organization/organization-trails.ts";
import type { ImportStore } from "../ports/import-store.ts";
import type { LogGroups } from "../ports/log-groups.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { SigningKeys } from "../ports/signing-keys.ts";
import type { Topics } from "../ports/topics.ts";
import type { TrailStore } from "../ports/trail-store.ts";
import { type Environment, InvalidEnvironment } from "./environment.ts";
import { logger } from "./lambda.ts";
import { once } from "./once.ts";

const KIB = 1024;

/**
 * Time limits of a call. Without them a call whose connection died would hold its function until Lambda ends it;
 * with them the SDK tries again.
 */
export const REQUEST_LIMITS = { requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000 } };

/** A delivery stage with what turns messages into blocks. */
export interface DeliveryStage {
  readonly blocks: BlockStore;
  readonly deliver: Deliver;
}

/*
 * One function here for each Lambda function, and nothing shared between them that is not used by all: a bundler keeps
 * the clients of the one that is imported and drops the others.
 */

/** Where the activity topic, the trails and the blocks are, for a function that is elsewhere, and how it gets at them. */
export interface Home {
  readonly region?: string;
  readonly credentials?: NonNullable<SNSClientConfig["credentials"]>;
}

const HERE: Home = {};

/** For `functions/ingest/activity-events`. @throws InvalidEnvironment */
export function composeActivityEvents(env: Environment, metrics: Metrics): ActivityEvents {
  return composeActivityEventsAt(HERE, env, metrics);
}

/** The same, with another home. @throws InvalidEnvironment */
export function composeActivityEventsAt(home: Home, env: Environment, metrics: Metrics): ActivityEvents {
  if (env.optional("OPENTRAIL_DEFAULT_BUS") === "destination") {
    throw new InvalidEnvironment(
      "OPENTRAIL_DEFAULT_BUS says destination: what is emitted there must not be taken in again",
    );
  }
  const own = ownArns(env);
  const isOwnCall = own === undefined ? () => false : ownCallTest(own);
  return makeActivityEvents({
    ingest: composeIngest(env, metrics, home),
    metrics,
    isOwnCall,
    sourcePrefix: env.optional("OPENTRAIL_DEFAULT_BUS_SOURCE") ?? DEFAULT_BUS_PATTERN.source[0].prefix,
  });
}

/** For `functions/ingest/log-files`. @throws InvalidEnvironment */
export function composeSourceLogFiles(env: Environment, metrics: Metrics): TakeLogFiles {
  return makeTakeLogFiles({
    files: s3SourceFiles(s3(env)),
    imports: composeImports(env),
    ingest: composeIngest(env, metrics),
    clock: systemClock,
    metrics,
    own: ownArns(env),
    emitsRecent: env.flag("OPENTRAIL_EMIT_LOG_FILES", false),
    reportRefused: (location, { refused, firstRefused }) =>
      logger.warn("Records of a log file were refused", { ...location, refused, firstRefused }),
  });
}

/** What every source's records go through. @throws InvalidEnvironment */
export function composeIngest(env: Environment, metrics: Metrics, home: Home = HERE): Ingest {
  const sns = new SNSClient({ ...REQUEST_LIMITS, ...home });
  const topic = snsActivityTopic(sns, composeBlocks(env, home), systemClock, {
    topicArn: env.text("OPENTRAIL_TOPIC_ARN"),
    maxMessageBytes: env.integer("OPENTRAIL_TOPIC_MAX_MESSAGE_BYTES", KIB, KIB * KIB, 256 * KIB),
  });
  const trails = composeTrails(env, home);
  return makeIngest({ trails, topic, clock: systemClock, metrics, history: historyScope(env) });
}

/** Trails as each account sees them: with the organization's, where there is one. @throws InvalidEnvironment */
export function composeTrails(env: Environment, home: Home = HERE): TrailStore {
  const client = home === HERE ? dynamo() : new DynamoDBClient({ ...REQUEST_LIMITS, ...home });
  const trails = dynamoTrailStore(client, env.text("OPENTRAIL_TRAILS_TABLE"));
  const organization = organizationOf(env);
  return organization ? withOrganizationTrails(trails, organization) : trails;
}

/** The organization that some of the accounts belong to. @throws InvalidEnvironment */
export function organizationOf(env: Environment): Organization | undefined {
  const text = env.optional("OPENTRAIL_ORGANIZATION");
  if (text === undefined) return undefined;
  try {
    return parseOrganization(text);
  } catch (cause) {
    throw new InvalidEnvironment(`OPENTRAIL_ORGANIZATION: ${(cause as Error).message}`, { cause });
  }
}

/** What is the stack's own; undefined where its own calls are wanted. */
export function ownArns(env: Environment): OwnArns | undefined {
  return env.flag("OPENTRAIL_INGEST_OWN_CALLS", false)
    ? undefined
    : { roles: env.list("OPENTRAIL_OWN_ROLES"), resources: env.list("OPENTRAIL_OWN_RESOURCES") };
}

export function composeImports(env: Environment): ImportStore {
  const days = env.integer("OPENTRAIL_IMPORT_MEMORY_DAYS", 30, 36_500, 400);
  return dynamoImportStore(dynamo(), systemClock, env.text("OPENTRAIL_IMPORTS_TABLE"), days * 86_400_000);
}

/** For `functions/deliver/log-files`. @throws InvalidEnvironment */
export function composeLogFiles(env: Environment): DeliveryStage {
  const gzipLevel = env.integer("OPENTRAIL_GZIP_LEVEL", 1, 9, 6);
  return { blocks: composeBlocks(env), deliver: createLogFileDelivery(filePorts(env), { gzipLevel }) };
}

/** For `functions/deliver/log-groups`. @throws InvalidEnvironment */
export function composeLogGroups(env: Environment): DeliveryStage {
  const status = dynamoDeliveryStatus(dynamo(), env.text("OPENTRAIL_DELIVERY_STATUS_TABLE"));
  return {
    blocks: composeBlocks(env),
    deliver: createLogGroupDelivery({ logGroups: composeTrailLogGroups(), status, clock: systemClock }),
  };
}

/**
 * PutEvents takes 10 events and some 20 ms: a batch of 30,000 must not wait for 3,000 calls one after another. Fewer
 * than the SDK has connections (50).
 */
const BUS_CALLS_AT_ONCE = 24;

/** For `functions/deliver/event-bus`. @throws InvalidEnvironment */
export function composeEventBus(env: Environment): DeliveryStage {
  const busName = env.text("OPENTRAIL_EVENT_BUS");
  const defaultBus = env.optional("OPENTRAIL_DEFAULT_BUS");
  if (/(^|\/)default$/.test(busName) && defaultBus !== "destination") {
    throw new InvalidEnvironment(
      "OPENTRAIL_EVENT_BUS is the default bus, and OPENTRAIL_DEFAULT_BUS does not say destination: " +
        "what is emitted there would be taken in again",
    );
  }
  const bus = eventBridgeBus(new EventBridgeClient(REQUEST_LIMITS), busName);
  const settings = {
    eventSourcePrefix: env.optional("OPENTRAIL_EVENT_SOURCE_PREFIX") ?? "opentrail.",
    sendReadOnlyApiCalls: env.flag("OPENTRAIL_SEND_READ_ONLY_API_CALLS", false),
    callsAtOnce: BUS_CALLS_AT_ONCE,
  };
  return {
    blocks: composeBlocks(env),
    deliver: createEventBusDelivery({ bus, clock: systemClock }, settings),
  };
}

/** For `functions/deliver/history`. @throws InvalidEnvironment */
export function composeHistory(env: Environment): DeliveryStage {
  return {
    blocks: composeBlocks(env),
    deliver: createHistoryDelivery(
      {
        history: openHistory(env),
        reportFailure: (error) => logger.error("The event history was not merged", error as Error),
      },
      { scope: historyScope(env) },
    ),
  };
}

/**
 * The event history, which other functions use at the same time.
 * @param pageBytes of the records of a found page, at most
 * @throws InvalidEnvironment
 */
export function openHistory(env: Environment, pageBytes?: number): History {
  const store = dynamoOrderedStore(dynamo(), systemClock, env.text("OPENTRAIL_HISTORY_TABLE"));
  const days = env.integer("OPENTRAIL_HISTORY_RETENTION_DAYS", 1, 36_500, 90);
  return new History(store, systemClock, {
    retention: days * 86_400_000,
    isExclusive: false,
    ...(pageBytes !== undefined && { pageBytes }),
  });
}

function historyScope(env: Environment): HistoryScope {
  return { dataEvents: env.flag("OPENTRAIL_HISTORY_DATA_EVENTS", false) };
}

/** For `functions/sweep/log-files`. @throws InvalidEnvironment */
export function composeSweep(env: Environment): () => Promise<SweepReport> {
  const ports = filePorts(env);
  return () => sweepOpenFiles(ports);
}

/** Blocks travel through queues that cannot be asked: a run's last digest waits for this long, in ms. */
const LAST_DIGEST_AFTER_MS = 10 * 60_000;

/** For `functions/digest/digest-files`. @throws InvalidEnvironment */
export function composeDigests(env: Environment): () => Promise<DigestReport> {
  const digests = env.text("OPENTRAIL_DIGESTS_TABLE");
  const tables = { digests, ledger: env.text("OPENTRAIL_LEDGER_TABLE") };
  return createDigestMaker(
    {
      ...filePorts(env),
      digests: dynamoDigestStore(dynamo(), systemClock, tables),
      keys: composeSigningKeys(env),
      trails: composeTrails(env),
    },
    {
      intervalMs: env.integer("OPENTRAIL_DIGEST_INTERVAL_SECONDS", 60, 24 * 60 * 60, 60 * 60) * 1_000,
      settleMs: LAST_DIGEST_AFTER_MS,
    },
  );
}

/** The keys that digests are signed with. @throws InvalidEnvironment */
export function composeSigningKeys(env: Environment): SigningKeys {
  const ageDays = env.integer("OPENTRAIL_SIGNING_KEY_AGE_DAYS", 1, 3_650, 90);
  return kmsSigningKeys(new KMSClient(REQUEST_LIMITS), dynamo(), systemClock, {
    table: env.text("OPENTRAIL_DIGESTS_TABLE"),
    maxAgeMs: ageDays * 24 * 60 * 60_000,
  });
}

function filePorts(env: Environment): FencePorts {
  return {
    ledger: dynamoLedger(dynamo(), systemClock, env.text("OPENTRAIL_LEDGER_TABLE")),
    objects: s3ObjectStore(s3(env), systemClock),
    topics: composeTopics(),
    status: dynamoDeliveryStatus(dynamo(), env.text("OPENTRAIL_DELIVERY_STATUS_TABLE")),
    clock: systemClock,
  };
}

/**
 * A topic that does not answer must not keep log files waiting: it is given up sooner than other calls, well within a
 * file's lease.
 */
const TOPIC_LIMITS = { requestHandler: { connectionTimeout: 3_000, requestTimeout: 5_000 }, maxAttempts: 2 };

/** Trails' topics, each in its own region. */
export function composeTopics(): Topics {
  return snsTopics(clientsByRegion((region) => new SNSClient({ ...TOPIC_LIMITS, ...region })));
}

/** Trails' log groups, each in its own region. */
export function composeTrailLogGroups(): LogGroups {
  return cloudWatchLogGroups(
    clientsByRegion((region) => new CloudWatchLogsClient({ ...REQUEST_LIMITS, ...region })),
  );
}

export function composeBlocks(env: Environment, home: Home = HERE): BlockStore {
  return s3BlockStore(s3(env, home), env.text("OPENTRAIL_BLOCKS_BUCKET"));
}

/** One client, so that its connections serve all stores. Marked pure: a bundle without DynamoDB must not get it. */
export const dynamo = /* @__PURE__ */ once(() => new DynamoDBClient(REQUEST_LIMITS));

/** A client for each region that is asked for, and one for the function's own. */
function clientsByRegion<Client>(
  make: (settings: { readonly region?: string }) => Client,
): (region?: string) => Client {
  const clients = new Map<string, Client>();
  return (region = "") => {
    const client = clients.get(region) ?? make(region === "" ? {} : { region });
    clients.set(region, client);
    return client;
  };
}

/** A trail's bucket may be in another region: S3 says which, and the client follows. */
export function s3(env: Environment, home: Home = HERE): S3Client {
  return new S3Client({
    ...REQUEST_LIMITS,
    ...home,
    followRegionRedirects: true,
    forcePathStyle: env.hasS3Endpoint,
  });
}
