import type { Service } from "../shared/api/http.ts";
import { json } from "../shared/api/json-answer.ts";
import type { RuleStatus, StageStatus, StatusReport, TrailStatus } from "../shared/api/status.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { DeliveryStatus } from "../shared/ports/delivery-status.ts";
import type { DeadLetters, MessageQueue, QueueDepth } from "../shared/ports/message-queue.ts";
import type { RuleStore } from "../shared/ports/rule-store.ts";
import type { TrailStore } from "../shared/ports/trail-store.ts";
import { effectiveRules } from "../shared/rule/built-in-rules.ts";
import type { Rule } from "../shared/rule/rule.ts";
import type { Trail } from "../shared/trail/trail.ts";
import type { RecentErrors } from "./recent-errors.ts";
import type { RuleCounters, StageCounters } from "./stage-counters.ts";

/** What the status pages read. */
export interface StatusSources {
  readonly version: string;
  readonly startedAt: number;
  readonly clock: Clock;
  readonly queues: readonly MessageQueue[];
  readonly deadLetters: DeadLetters;
  readonly trails: TrailStore;
  readonly deliveryStatus: DeliveryStatus;
  readonly rules: RuleStore;
  readonly stageCounters: StageCounters;
  readonly ruleCounters: RuleCounters;
  readonly recentErrors: RecentErrors;
  /** A counter of ingest since the host started. */
  readonly ingestCount: (name: string) => number;
}

/** `GET /_opentrail/status`: queues, trails and rules of the caller's account, counts and the newest errors. */
export function makeStatusPage(sources: StatusSources): Service {
  return async (_request, caller) => {
    const now = sources.clock.now();
    const { trails } = await sources.trails.read(caller.accountId);
    const report: StatusReport = {
      version: sources.version,
      host: "embedded",
      startedAt: isoTime(sources.startedAt),
      uptimeSeconds: Math.round((now - sources.startedAt) / 1000),
      ingest: {
        received: sources.ingestCount("RecordsReceived"),
        accepted: sources.ingestCount("RecordsAccepted"),
        rejected: sources.ingestCount("RecordsRejected"),
        unrouted: sources.ingestCount("RecordsUnrouted"),
      },
      stages: await stages(sources, now),
      trails: await Promise.all(trails.map((trail) => trailStatus(trail, sources.deliveryStatus))),
      rules: effectiveRules(caller, await sources.rules.list(caller)).map((rule) =>
        ruleStatus(rule, sources.ruleCounters.of(caller.accountId, rule.name)),
      ),
      lastErrors: sources.recentErrors.list(),
    };
    return json(200, report);
  };
}

/**
 * `GET /_opentrail/health`: 200 while the host serves; with the version, queue depths and the age of the oldest
 * message that is not delivered.
 */
export function makeHealthPage(sources: StatusSources): Service {
  return async () => {
    const depths = await stages(sources, sources.clock.now());
    const ages = depths.flatMap(({ oldestAgeSeconds }) =>
      oldestAgeSeconds === null ? [] : [oldestAgeSeconds],
    );
    return json(200, {
      status: "ok",
      version: sources.version,
      host: "embedded",
      queues: Object.fromEntries(depths.map(({ name, ready, inFlight }) => [name, { ready, inFlight }])),
      oldestUndeliveredAgeSeconds: ages.length === 0 ? null : Math.max(...ages),
    });
  };
}

async function stages(sources: StatusSources, now: number): Promise<readonly StageStatus[]> {
  const letters = await sources.deadLetters.countByQueue();
  return Promise.all(
    sources.queues.map(async (queue) => ({
      name: queue.name,
      ...depthStatus(await queue.depth(), now),
      ...sources.stageCounters.of(queue.name),
      deadLetters: letters.get(queue.name) ?? 0,
    })),
  );
}

function depthStatus(
  depth: QueueDepth,
  now: number,
): Pick<StageStatus, "ready" | "inFlight" | "oldestAgeSeconds"> {
  const { ready, inFlight, oldestSentAt } = depth;
  return {
    ready,
    inFlight,
    oldestAgeSeconds:
      oldestSentAt === undefined ? null : Math.max(0, Math.round((now - oldestSentAt) / 1000)),
  };
}

async function trailStatus(trail: Trail, deliveryStatus: DeliveryStatus): Promise<TrailStatus> {
  const delivered = await deliveryStatus.read(trail.trailArn);
  const s3 = delivered.s3;
  const logs = delivered["cloudwatch-logs"];
  return {
    trailArn: trail.trailArn,
    homeRegion: trail.homeRegion,
    isMultiRegionTrail: trail.isMultiRegionTrail,
    isLogging: trail.isLogging,
    s3BucketName: trail.s3BucketName,
    latestDeliveryTime: optionalTime(s3?.latestSuccessAt),
    latestDeliveryError: s3?.latestError ?? null,
    latestCloudWatchLogsDeliveryTime: optionalTime(logs?.latestSuccessAt),
    latestCloudWatchLogsDeliveryError: logs?.latestError ?? null,
  };
}

function ruleStatus(
  { name, state, description = "" }: Rule,
  counts: Pick<RuleStatus, "invocations" | "failures">,
): RuleStatus {
  return { name, state, description, ...counts };
}

function optionalTime(time: number | undefined): string | null {
  return time === undefined ? null : isoTime(time);
}

function isoTime(time: number): string {
  return new Date(time).toISOString();
}
