import { randomBytes } from "node:crypto";
import packageJson from "../package.json" with { type: "json" };
import type { RuleInvocation } from "../shared/adapters/local/event-bus.ts";
import { systemClock } from "../shared/adapters/system-clock.ts";
import { makeBulkRecords } from "../shared/api/bulk-records.ts";
import { identifyCaller } from "../shared/api/caller.ts";
import { makeCloudTrailApi } from "../shared/api/cloudtrail.ts";
import { type Credentials, NO_CREDENTIALS } from "../shared/api/credentials.ts";
import { makeDeadLetterPages } from "../shared/api/dead-letter-pages.ts";
import { type Identify, makeDispatch, type Services } from "../shared/api/dispatch.ts";
import { makeEventPages } from "../shared/api/event-pages.ts";
import { makeImportPages } from "../shared/api/import-pages.ts";
import { makeOrganizationsApi } from "../shared/api/organizations-api.ts";
import { makePublicKeyPages } from "../shared/api/public-key-pages.ts";
import { makePutAuditEvents } from "../shared/api/put-audit-events.ts";
import { makeHealthPage, readQueueStatus } from "../shared/api/status-page.ts";
import { composeEmbedded, type EmbeddedPipeline, type Interceptors } from "../shared/compose/embedded.ts";
import { tuneHeapForBuffers } from "../shared/compose/heap-settings.ts";
import { once } from "../shared/compose/once.ts";
import type { Deliver } from "../shared/delivery/batch.ts";
import type { Organization } from "../shared/organization/organization.ts";
import { readCredentials } from "./credentials.ts";
import { DigestTimer } from "./digest-timer.ts";
import { makeEventsApi } from "./events/events-api.ts";
import { type FrontDoor, openFrontDoor } from "./front-door.ts";
import { type Log, type LogLevel, makeLog } from "./log.ts";
import { makeLogsApi } from "./logs/logs-api.ts";
import { type PumpListener, QueuePump } from "./queue-pump.ts";
import { RecentErrors } from "./recent-errors.ts";
import { RuleTargets } from "./rule-targets.ts";
import { makeS3Api, s3ErrorOfSignature, s3ErrorResponse } from "./s3/s3-api.ts";
import { makeSnsApi, refuseSnsCall } from "./sns/sns-api.ts";
import { makeTopicPosts } from "./sns/topic-posts.ts";
import { RuleCounters, StageCounters } from "./stage-counters.ts";
import { makeProcessStatusPage } from "./status-page.ts";
import { stsApi } from "./sts/sts-api.ts";

/** How the embedded host is started. Durations in ms. */
export interface EmbeddedHostOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly dataDir: string;
  /** The account of access keys that are no account id themselves. */
  readonly accountId: string;
  /** The organization that some of the accounts belong to. Absent: there is none. */
  readonly organization?: Organization;
  /** A JSON list of `{accessKeyId, secretAccessKey, accountId, userIdentity}`. Absent: any signature will do. */
  readonly credentialsFile?: string;
  /** How long records are collected before a log file is written. */
  readonly deliveryInterval: number;
  /** What one digest covers, at least a second. Default: an hour. */
  readonly digestInterval?: number;
  /** Seals the private keys that digests are signed with. */
  readonly keyPassphrase?: string;
  /** How long such a key is used. Default: 90 days. */
  readonly keyAge?: number;
  /** How long events stay in the event history; infinite: for ever. Default: 90 days. */
  readonly historyRetention?: number;
  /** Whether the event history takes data events too. Default false. */
  readonly historyDataEvents?: boolean;
  /** zlib's level for log files. */
  readonly gzipLevel: number;
  /** How often a message is tried before it is a dead letter. */
  readonly maxReceives: number;
  readonly logLevel: LogLevel;
  /** How long a message waits that was received so often and failed. Default: 1 s, doubled up to 5 min. */
  readonly retryDelayMs?: (receiveCount: number) => number;
  /** How long a log file that may or may not have been written is waited for. Default: one minute. */
  readonly leaseMs?: number;
  /** Told of each invocation of a rule's target when it starts. */
  readonly onInvocation?: (invocation: RuleInvocation) => void;
  /** For tests: makes destinations fail. */
  readonly intercept?: Partial<Interceptors>;
}

/** The embedded host, serving. */
export interface EmbeddedHost {
  readonly endpoint: string;
  /** Stops accepting, delivers what is held, and gives the data folder free. Asked again, it is the same stop. */
  stop(): Promise<void>;
}

const DEFAULT_REGION = "us-east-1";
const MIB = 1024 * 1024;

/**
 * Packed blocks that a batch has at most; records unpack to some eight times as much. A batch of log files is
 * large, so that the files are.
 */
const FILE_BATCH_BYTES = 7 * MIB;
const BATCH_BYTES = MIB;

/** Longer than any handler takes on a batch, and what a message waits if its worker is lost. */
const VISIBILITY_MS = 5 * 60_000;
const SWEEP_INTERVAL_MS = 60_000;

/** A failed message waits 1 s, 2 s, 4 s … and at most this long. */
const LONGEST_RETRY_DELAY_MS = 5 * 60_000;

/**
 * Starts OpenTrail as one process with everything on one port, and resolves when requests are served.
 * @throws DataFolderInUse; an error with code EADDRINUSE if the port is taken
 */
export async function startEmbeddedHost(options: EmbeddedHostOptions): Promise<EmbeddedHost> {
  tuneHeapForBuffers();
  const log = makeLog(options.logLevel);
  const remediationSecret = randomBytes(30).toString("base64url");
  const credentials =
    options.credentialsFile === undefined
      ? NO_CREDENTIALS
      : await readCredentials(options.credentialsFile, remediationSecret);
  const watch = new Watch(log);
  const pipeline = await composeEmbedded({
    dataDir: options.dataDir,
    gzipLevel: options.gzipLevel,
    maxReceives: options.maxReceives,
    ...(options.organization && { organization: options.organization }),
    ...(options.digestInterval !== undefined && { digestIntervalMs: options.digestInterval }),
    ...(options.keyPassphrase !== undefined && { keyPassphrase: options.keyPassphrase }),
    ...(options.keyAge !== undefined && { keyAgeMs: options.keyAge }),
    ...(options.historyRetention !== undefined && { historyRetentionMs: options.historyRetention }),
    ...(options.historyDataEvents !== undefined && { historyDataEvents: options.historyDataEvents }),
    reportFailure: (stage, error) => watch.pumpFailed(stage, error),
    ...(options.leaseMs !== undefined && { leaseMs: options.leaseMs }),
    ...(options.intercept && { intercept: options.intercept }),
  });
  let door: FrontDoor;
  try {
    await sweep(pipeline, watch);
    const dispatch = makeDispatch(
      services(pipeline, options, watch, log),
      identifyWith(credentials, options.accountId),
    );
    door = await openFrontDoor(dispatch, options, (error) => log.error(`A request failed: ${error}`, error));
  } catch (error) {
    pipeline.close();
    throw error;
  }
  const endpoint = `http://${options.host.includes(":") ? `[${options.host}]` : options.host}:${door.port}`;
  letRemediationsCallBack(endpoint, remediationSecret, options.logLevel);
  const ruleTargets = new RuleTargets({
    counters: watch.rules,
    logGroups: pipeline.logGroups,
    topics: pipeline.topics,
    ...(options.onInvocation && { onInvocation: options.onInvocation }),
  });
  const pumps = startPumps(pipeline, ruleTargets, makeTopicPosts(pipeline.topics, endpoint), options, watch);
  // Not waited for: a host that is ready sooner is worth more, and the first event of a rule waits for it anyway.
  ruleTargets.load().catch((error) => log.error(`A remediation cannot be loaded: ${error}`, error));
  const digestTimer = new DigestTimer(pipeline, options.digestInterval, (message) =>
    watch.failed("digests", message),
  );
  const sweeper = setInterval(() => void sweep(pipeline, watch), SWEEP_INTERVAL_MS);
  return {
    endpoint,
    stop: once(async () => {
      clearInterval(sweeper);
      await door.close();
      // In flow order: what one stage hands on, the next still delivers.
      for (const pump of pumps) {
        await pump.stop();
      }
      await digestTimer.stop();
      pipeline.close();
    }),
  };
}

/** Remediations are Lambda functions: they read their environment, and act over the CloudTrail API of this host. */
function letRemediationsCallBack(endpoint: string, secret: string, logLevel: LogLevel): void {
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_CLOUDTRAIL: endpoint,
    OPENTRAIL_REMEDIATION_SECRET: secret,
    POWERTOOLS_SERVICE_NAME: "opentrail",
    POWERTOOLS_METRICS_DISABLED: "true",
    POWERTOOLS_LOG_LEVEL: logLevel.toUpperCase(),
  });
}

/** Keeps what status and log tell of the stages. */
class Watch implements PumpListener {
  readonly stages = new StageCounters();
  readonly rules = new RuleCounters();
  readonly errors = new RecentErrors();
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  batchDone(stage: string, report: Parameters<PumpListener["batchDone"]>[1]): void {
    this.stages.add(stage, report);
    for (const message of new Set([...report.failed.values()].map((error) => error.message))) {
      this.failed(stage, message);
    }
  }

  pumpFailed(stage: string, problem: unknown): void {
    this.failed(stage, problem instanceof Error ? problem.message : String(problem));
  }

  failed(stage: string, message: string): void {
    this.errors.note(stage, message, systemClock.now());
    this.#log.warn(`${stage}: ${message}`);
  }
}

async function sweep(pipeline: EmbeddedPipeline, watch: Watch): Promise<void> {
  try {
    await pipeline.logGroups.expireEvents();
    const { unreachable } = await pipeline.sweep();
    for (const error of unreachable.values()) {
      watch.failed("sweep", error.message);
    }
  } catch (error) {
    watch.pumpFailed("sweep", error);
  }
}

function services(
  pipeline: EmbeddedPipeline,
  { organization }: EmbeddedHostOptions,
  watch: Watch,
  log: Log,
): Services {
  const { ingest, trails, settings, objects, logGroups, deliveryStatus, signingKeys, deadLetters, metrics } =
    pipeline;
  const reportFailure = (error: unknown): void => log.error(`A call failed: ${error}`, error);
  const queues = [
    ...pipeline.deliveries.keys(),
    pipeline.ruleTargets,
    pipeline.webhooks,
    pipeline.notifications,
  ];
  const sources = {
    version: packageJson.version,
    host: "embedded",
    startedAt: systemClock.now(),
    clock: systemClock,
    queueStatus: () => readQueueStatus({ clock: systemClock, queues, deadLetters }),
    trails,
    deliveryStatus,
    rules: pipeline.rules,
    stageCounters: watch.stages,
    ruleCounters: watch.rules,
    recentErrors: watch.errors,
    ingestCount: (name: string) => metrics.read(name),
  };
  return {
    cloudTrail: makeCloudTrailApi({
      trails,
      settings,
      ...(organization && { organization }),
      objects,
      logGroups,
      topics: pipeline.topics,
      deliveryStatus,
      signingKeys,
      history: pipeline.history,
      ingest,
      clock: systemClock,
      reportFailure,
    }),
    organizations: makeOrganizationsApi(organization),
    putAuditEvents: makePutAuditEvents({ ingest, settings, clock: systemClock, reportFailure }),
    inPlaceOfAws: {
      s3: makeS3Api({ objects, reportFailure }),
      refuseS3: (error, request, requestId) => s3ErrorResponse(s3ErrorOfSignature(error), request, requestId),
      sns: makeSnsApi({ topics: pipeline.topics, reportFailure }),
      refuseSns: refuseSnsCall,
      sts: stsApi,
      logs: makeLogsApi({ logGroups, reportFailure }),
      eventBridge: makeEventsApi({
        rules: pipeline.rules,
        bus: pipeline.bus,
        clock: systemClock,
        reportFailure,
      }),
    },
    bulkRecords: makeBulkRecords({ ingest, reportFailure }),
    imports: makeImportPages({
      ingest,
      imports: pipeline.imports,
      own: undefined,
      clock: systemClock,
      reportFailure,
    }),
    health: makeHealthPage(sources),
    status: makeProcessStatusPage(sources),
    events: makeEventPages(pipeline.history),
    deadLetters: makeDeadLetterPages(deadLetters),
    publicKeys: makePublicKeyPages(signingKeys),
  };
}

function identifyWith(credentials: Credentials, defaultAccountId: string): Identify {
  return async (request, peer) => {
    credentials.verify(request, systemClock.now());
    return identifyCaller(request, peer, {
      defaultAccountId,
      defaultRegion: DEFAULT_REGION,
      identities: credentials.identities,
    });
  };
}

/** Small flushes of the history cost more, so records are gathered for a moment: they must be found within 2 s. */
const HISTORY_WINDOW_MS = 500;

function batchWindow(queue: string, { deliveryInterval }: EmbeddedHostOptions): number {
  if (queue === "history") {
    return HISTORY_WINDOW_MS;
  }
  return queue === "log-files" ? deliveryInterval : 0;
}

/** A batch of webhooks takes as long as its slowest: many at once keep one that does not answer from holding up the others. */
const WEBHOOKS_AT_ONCE = 50;

function startPumps(
  pipeline: EmbeddedPipeline,
  ruleTargets: RuleTargets,
  topicPosts: Deliver,
  options: EmbeddedHostOptions,
  watch: Watch,
): readonly QueuePump[] {
  const common = { visibilityMs: VISIBILITY_MS, retryDelayMs: options.retryDelayMs ?? doublingDelayMs };
  const pumps = [...pipeline.deliveries].map(([queue, deliver]) => {
    const batchWindowMs = batchWindow(queue.name, options);
    const settings = {
      ...common,
      limits: { messages: 10_000, bytes: queue.name === "log-files" ? FILE_BATCH_BYTES : BATCH_BYTES },
      batchWindowMs,
    };
    return new QueuePump(queue, deliver, settings, systemClock, watch);
  });
  const invoke: Deliver = (batch) => ruleTargets.invoke(batch);
  for (const [queue, deliver, messages] of [
    [pipeline.ruleTargets, invoke, 10],
    [pipeline.webhooks, invoke, WEBHOOKS_AT_ONCE],
    [pipeline.notifications, topicPosts, WEBHOOKS_AT_ONCE],
  ] as const) {
    const settings = { ...common, limits: { messages, bytes: MIB }, batchWindowMs: 0 };
    pumps.push(new QueuePump(queue, deliver, settings, systemClock, watch));
  }
  for (const pump of pumps) {
    pump.start();
  }
  return pumps;
}

function doublingDelayMs(receiveCount: number): number {
  return Math.min(1000 * 2 ** (receiveCount - 1), LONGEST_RETRY_DELAY_MS);
}
