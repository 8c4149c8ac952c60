import path from "node:path";
import { LocalActivityTopic } from "../adapters/local/activity-topic.ts";
import { type DataFolder, openDataFolder } from "../adapters/local/data-folder.ts";
import { Database } from "../adapters/local/database.ts";
import { LocalDeadLetters } from "../adapters/local/dead-letters.ts";
import { LocalDeliveryStatus } from "../adapters/local/delivery-status.ts";
import { LocalDigestStore } from "../adapters/local/digest-store.ts";
import { LocalEventBus } from "../adapters/local/event-bus.ts";
import { LocalImportStore } from "../adapters/local/import-store.ts";
import { LocalLedger } from "../adapters/local/ledger.ts";
import { LocalLogGroups } from "../adapters/local/log-groups.ts";
import { LocalMessageQueue } from "../adapters/local/message-queue.ts";
import { LocalObjectStore } from "../adapters/local/object-store.ts";
import { LocalOrderedStore, ORDERED_STORE_SCHEMA } from "../adapters/local/ordered-store.ts";
import { LocalRuleStore } from "../adapters/local/rule-store.ts";
import { OPENTRAIL_SCHEMA } from "../adapters/local/schema.ts";
import { LocalSettingStore } from "../adapters/local/setting-store.ts";
import { LocalSigningKeys } from "../adapters/local/signing-keys.ts";
import { LocalTopics } from "../adapters/local/topics.ts";
import { LocalTrailStore } from "../adapters/local/trail-store.ts";
import { MemoryMetrics } from "../adapters/memory/metrics.ts";
import { systemClock } from "../adapters/system-clock.ts";
import type { Deliver } from "../delivery/batch.ts";
import { createEventBusDelivery } from "../delivery/event-bus.ts";
import { createHistoryDelivery } from "../delivery/history.ts";
import { createLogFileDelivery } from "../delivery/log-files.ts";
import { createLogGroupDelivery } from "../delivery/log-groups.ts";
import { type SweepReport, sweepOpenFiles } from "../delivery/sweep.ts";
import { History } from "../history/history.ts";
import { type Ingest, makeIngest } from "../ingest/ingest.ts";
import { DEFAULT_KEY_AGE_MS } from "../integrity/key-ring.ts";
import { createDigestMaker, type DigestReport } from "../integrity/make-digests.ts";
import type { Organization } from "../organization/organization.ts";
import { withOrganizationTrails } from "../organization/organization-trails.ts";
import type { ActivityTopic } from "../ports/activity-topic.ts";
import type { EventBus } from "../ports/event-bus.ts";
import type { ImportStore } from "../ports/import-store.ts";
import type { LogGroups } from "../ports/log-groups.ts";
import type { ObjectStore } from "../ports/object-store.ts";
import type { SettingStore } from "../ports/setting-store.ts";
import type { Topics } from "../ports/topics.ts";
import type { TrailStore } from "../ports/trail-store.ts";

/** What the embedded pipeline is made from. */
export interface EmbeddedSettings {
  readonly dataDir: string;
  /** zlib's level for log files. */
  readonly gzipLevel: number;
  /** How often a message is tried before it is a dead letter. */
  readonly maxReceives: number;
  /** What one digest covers, in ms. Default: an hour. */
  readonly digestIntervalMs?: number;
  /** Seals the private keys that digests are signed with. */
  readonly keyPassphrase?: string;
  /** How long such a key is used, in ms. Default: 90 days. */
  readonly keyAgeMs?: number;
  /** How long a worker may hold a log file, in ms. */
  readonly leaseMs?: number;
  /** How long events stay in the event history, in ms; infinite: for ever. Default: 90 days. */
  readonly historyRetentionMs?: number;
  /** Whether the event history takes data events too. Default false. */
  readonly historyDataEvents?: boolean;
  /** The organization that some of the accounts belong to. */
  readonly organization?: Organization;
  /** Told of failures that no message answers for. */
  readonly reportFailure?: (stage: string, error: unknown) => void;
  /** Puts something between the use cases and a store: tests make destinations fail with it. */
  readonly intercept?: Partial<Interceptors>;
}

/** Ports of the pipeline that can be wrapped. */
export interface Interceptors {
  objects(store: ObjectStore): ObjectStore;
  logGroups(groups: LogGroups): LogGroups;
  eventBus(bus: EventBus): EventBus;
  topics(topics: Topics): Topics;
  topic(topic: ActivityTopic): ActivityTopic;
}

/** The queue from the in-process bus to the targets of its rules. */
export const RULE_TARGETS = "rule-targets";
const WEBHOOKS = "webhooks";
const NOTIFICATIONS = "notifications";

/** Packed blocks have dozens of kilobytes: with SQLite's 4 KB pages each would be dozens of writes. */
const BLOCK_PAGE_BYTES = 16 * 1024;

/**
 * Zstandard's, for blocks that stay on this machine and for seconds: half the time of level 1, packing and unpacking, for
 * two fifths more bytes.
 */
const BLOCK_COMPRESSION_LEVEL = -3;

const HISTORY_RETENTION_MS = 90 * 24 * 60 * 60_000;
const DIGEST_INTERVAL_MS = 60 * 60_000;
/** Calls that were under way when a trail was stopped have published their blocks by then. */
const LAST_DIGEST_AFTER_MS = 1_000;
/** For longer than a year, so that a yearly import of a bucket brings nothing twice. */
const IMPORT_MEMORY_MS = 400 * 24 * 60 * 60_000;
/** Later than anything can be delivered again. */
const FORGET_FILES_AFTER_MS = 45 * 24 * 60 * 60_000;

/** The pipeline in one process: SQLite and a folder tree in place of AWS's services. */
export interface EmbeddedPipeline {
  readonly ingest: Ingest;
  /** By queue, in flow order. */
  readonly deliveries: ReadonlyMap<LocalMessageQueue, Deliver>;
  readonly ruleTargets: LocalMessageQueue;
  /** Rules' targets that are webhooks. */
  readonly webhooks: LocalMessageQueue;
  /** What SNS topics were sent, for each endpoint that is subscribed. */
  readonly notifications: LocalMessageQueue;
  readonly topics: LocalTopics;
  readonly rules: LocalRuleStore;
  readonly bus: LocalEventBus;
  readonly deadLetters: LocalDeadLetters;
  readonly objects: LocalObjectStore;
  readonly logGroups: LocalLogGroups;
  /** As each account sees them: with the organization's trails. */
  readonly trails: TrailStore;
  readonly settings: SettingStore;
  /** Log files that were imported. */
  readonly imports: ImportStore;
  readonly history: History;
  readonly deliveryStatus: LocalDeliveryStatus;
  readonly metrics: MemoryMetrics;
  /** Settles or voids the files that workers left open. */
  sweep(): Promise<SweepReport>;
  readonly signingKeys: LocalSigningKeys;
  /** Makes the digests that are due. */
  makeDigests(): Promise<DigestReport>;
  /** Forgets log files, and what was in them, that nothing can ask for any more. */
  forgetFiles(): Promise<void>;
  close(): void;
}

/**
 * Opens the data folder and puts the pipeline together on it. What a process that is gone had in its hands is
 * taken back: its messages are ready again and its leases have ended.
 * @throws DataFolderInUse
 */
export async function composeEmbedded(settings: EmbeddedSettings): Promise<EmbeddedPipeline> {
  const folder = openDataFolder(settings.dataDir);
  const database = new Database(path.join(folder.path, "opentrail.db"), OPENTRAIL_SCHEMA, BLOCK_PAGE_BYTES);
  const { maxReceives, gzipLevel, leaseMs, intercept = {} } = settings;
  const queueNamed = (name: string): LocalMessageQueue =>
    new LocalMessageQueue(database, systemClock, { name, maxReceives });
  const queues = {
    "log-files": queueNamed("log-files"),
    "log-groups": queueNamed("log-groups"),
    "event-bus": queueNamed("event-bus"),
    history: queueNamed("history"),
  };
  const ruleTargets = queueNamed(RULE_TARGETS);
  const webhooks = queueNamed(WEBHOOKS);
  const notifications = queueNamed(NOTIFICATIONS);
  const objects = new LocalObjectStore(folder.path, systemClock);
  const logGroups = new LocalLogGroups(folder.path, systemClock);
  const topics = new LocalTopics(folder.path, notifications, systemClock);
  const ownTrails = new LocalTrailStore(database);
  const trails = settings.organization ? withOrganizationTrails(ownTrails, settings.organization) : ownTrails;
  const deliveryStatus = new LocalDeliveryStatus(database);
  const ledger = new LocalLedger(database);
  const digests = new LocalDigestStore(database);
  const signingKeys = new LocalSigningKeys(folder.path, systemClock, {
    ...(settings.keyPassphrase !== undefined && { passphrase: settings.keyPassphrase }),
    maxAgeMs: settings.keyAgeMs ?? DEFAULT_KEY_AGE_MS,
  });
  const metrics = new MemoryMetrics();
  const topic = new LocalActivityTopic(database, systemClock, queues);
  const rules = new LocalRuleStore(folder.path);
  const bus = new LocalEventBus(rules, { ruleTargets, webhooks });
  const historyDatabase = new Database(path.join(folder.path, "history.db"), ORDERED_STORE_SCHEMA);
  const history = new History(new LocalOrderedStore(historyDatabase), systemClock, {
    retention: settings.historyRetentionMs ?? HISTORY_RETENTION_MS,
    isExclusive: true,
  });
  const historyScope = { dataEvents: settings.historyDataEvents ?? false };
  ledger.endLeases();

  const filePorts = {
    ledger,
    objects: intercept.objects?.(objects) ?? objects,
    topics: intercept.topics?.(topics) ?? topics,
    status: deliveryStatus,
    clock: systemClock,
  };
  return {
    ingest: makeIngest({
      trails,
      topic: intercept.topic?.(topic) ?? topic,
      clock: systemClock,
      metrics,
      history: historyScope,
      compressionLevel: BLOCK_COMPRESSION_LEVEL,
    }),
    deliveries: new Map<LocalMessageQueue, Deliver>([
      [
        queues["log-files"],
        createLogFileDelivery(filePorts, { gzipLevel, ...(leaseMs !== undefined && { leaseMs }) }),
      ],
      [
        queues["log-groups"],
        createLogGroupDelivery({
          logGroups: intercept.logGroups?.(logGroups) ?? logGroups,
          status: deliveryStatus,
          clock: systemClock,
        }),
      ],
      [
        queues["event-bus"],
        createEventBusDelivery({ bus: intercept.eventBus?.(bus) ?? bus, clock: systemClock }),
      ],
      [
        queues.history,
        createHistoryDelivery(
          { history, reportFailure: (error) => settings.reportFailure?.("history", error) },
          { scope: historyScope },
        ),
      ],
    ]),
    ruleTargets,
    webhooks,
    notifications,
    topics,
    rules,
    bus,
    deadLetters: new LocalDeadLetters(database, [
      ...Object.values(queues),
      ruleTargets,
      webhooks,
      notifications,
    ]),
    objects,
    logGroups,
    trails,
    settings: new LocalSettingStore(database),
    imports: new LocalImportStore(database, systemClock, IMPORT_MEMORY_MS),
    history,
    deliveryStatus,
    metrics,
    sweep: () => sweepOpenFiles(filePorts),
    signingKeys,
    makeDigests: createDigestMaker(
      { ...filePorts, digests, keys: signingKeys, trails, isUndelivered: isQueued(queues["log-files"]) },
      { intervalMs: settings.digestIntervalMs ?? DIGEST_INTERVAL_MS, settleMs: LAST_DIGEST_AFTER_MS },
    ),
    forgetFiles: async () => {
      while ((await digests.forgetFiles(systemClock.now() - FORGET_FILES_AFTER_MS)) > 0) {
        // As many as one step forgets.
      }
    },
    close: () => {
      historyDatabase.close();
      rules.close();
      topics.close();
      close(folder, database, logGroups);
    },
  };
}

/** Whether the queue has a message that was sent at or before a time. */
function isQueued(queue: LocalMessageQueue): (acceptedBy: number) => Promise<boolean> {
  return async (acceptedBy) => ((await queue.depth()).oldestSentAt ?? Number.POSITIVE_INFINITY) <= acceptedBy;
}

function close(folder: DataFolder, database: Database, logGroups: LocalLogGroups): void {
  logGroups.close();
  database.close();
  folder.close();
}
