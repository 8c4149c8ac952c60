import type { Clock } from "../ports/clock.ts";
import type { DeliveryStatus } from "../ports/delivery-status.ts";
import type { DeadLetters, MessageQueue, QueueDepth } from "../ports/message-queue.ts";
import type { TrailStore } from "../ports/trail-store.ts";
import type { Trail } from "../trail/trail.ts";
import type { Caller, Service } from "./http.ts";
import { json } from "./json-answer.ts";
import type { EndpointStatus, QueueStatus, TrailStatus } from "./status.ts";

/** What is known of the queues on every host. */
export interface QueueSources {
  readonly clock: Pick<Clock, "now">;
  /** In flow order. */
  readonly queues: readonly Pick<MessageQueue, "name" | "depth">[];
  readonly deadLetters: Pick<DeadLetters, "countByQueue">;
}

/** What the status pages of every host read. */
export interface EndpointSources {
  readonly version: string;
  readonly host: string;
  readonly queueStatus: () => Promise<readonly QueueStatus[]>;
  readonly trails: Pick<TrailStore, "read">;
  readonly deliveryStatus: Pick<DeliveryStatus, "read">;
}

/** `GET /_opentrail/status` where nothing counts in the process: queues, and trails of the caller's account. */
export function makeStatusPage(sources: EndpointSources): Service {
  return async (_request, caller) => json(200, await endpointStatus(sources, caller));
}

/** What every host's status has. */
export async function endpointStatus(
  { version, host, queueStatus, trails, deliveryStatus }: EndpointSources,
  { accountId }: Caller,
): Promise<EndpointStatus> {
  const state = await trails.read(accountId);
  return {
    version,
    host,
    stages: await queueStatus(),
    trails: await Promise.all(state.trails.map((trail) => trailStatus(trail, deliveryStatus))),
  };
}

/**
 * `GET /_opentrail/health`: 200 while the host serves; with the version, queue depths and the age of the oldest
 * message that is not delivered.
 */
export function makeHealthPage({
  version,
  host,
  queueStatus,
}: Pick<EndpointSources, "version" | "host" | "queueStatus">): Service {
  return async () => {
    const depths = await queueStatus();
    const ages = depths.flatMap(({ oldestAgeSeconds }) =>
      oldestAgeSeconds === null ? [] : [oldestAgeSeconds],
    );
    return json(200, {
      status: "ok",
      version,
      host,
      queues: Object.fromEntries(depths.map(({ name, ready, inFlight }) => [name, { ready, inFlight }])),
      oldestUndeliveredAgeSeconds: ages.length === 0 ? null : Math.max(...ages),
    });
  };
}

/** How the queues stand now. */
export async function readQueueStatus({
  clock,
  queues,
  deadLetters,
}: QueueSources): Promise<readonly QueueStatus[]> {
  const letters = await deadLetters.countByQueue();
  return Promise.all(
    queues.map(async (queue) => ({
      name: queue.name,
      ...depthStatus(await queue.depth(), clock.now()),
      deadLetters: letters.get(queue.name) ?? 0,
    })),
  );
}

function depthStatus(
  depth: QueueDepth,
  now: number,
): Pick<QueueStatus, "ready" | "inFlight" | "oldestAgeSeconds"> {
  const { ready, inFlight, oldestSentAt } = depth;
  return {
    ready,
    inFlight,
    oldestAgeSeconds:
      oldestSentAt === undefined ? null : Math.max(0, Math.round((now - oldestSentAt) / 1000)),
  };
}

async function trailStatus(trail: Trail, deliveryStatus: Pick<DeliveryStatus, "read">): Promise<TrailStatus> {
  const delivered = await deliveryStatus.read(trail.trailArn);
  const { s3, sns } = delivered;
  const logs = delivered["cloudwatch-logs"];
  return {
    trailArn: trail.trailArn,
    homeRegion: trail.homeRegion,
    isMultiRegionTrail: trail.isMultiRegionTrail,
    isLogging: trail.isLogging,
    s3BucketName: trail.s3BucketName,
    latestDeliveryTime: optionalTime(s3?.latestSuccessAt),
    latestDeliveryError: s3?.latestError ?? null,
    latestNotificationTime: optionalTime(sns?.latestSuccessAt),
    latestNotificationError: sns?.latestError ?? null,
    latestCloudWatchLogsDeliveryTime: optionalTime(logs?.latestSuccessAt),
    latestCloudWatchLogsDeliveryError: logs?.latestError ?? null,
  };
}

function optionalTime(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString();
}
