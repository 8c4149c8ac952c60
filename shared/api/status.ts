/** Counts of ingest since the host started. received = accepted + rejected; unrouted ones are accepted too. */
export interface IngestCounts {
  readonly received: number;
  readonly accepted: number;
  readonly rejected: number;
  /** Accepted, but no trail wanted them. */
  readonly unrouted: number;
}

/** A delivery stage's queue. */
export interface QueueStatus {
  /** The stage's queue: `log-files`, `log-groups`, `event-bus`, `history`, `rule-targets`, `webhooks`. */
  readonly name: string;
  /** Messages that wait. */
  readonly ready: number;
  /** Messages that are being worked on. */
  readonly inFlight: number;
  /** Of the oldest message that is not delivered yet; null when there is none, and where the queue does not tell. */
  readonly oldestAgeSeconds: number | null;
  /** Messages in the stage's dead-letter queue. */
  readonly deadLetters: number;
}

/** A delivery stage and its queue. Counts of records since the host started: received = delivered + skipped + failed. */
export interface StageStatus extends QueueStatus {
  readonly received: number;
  readonly delivered: number;
  /** How many were left out on purpose, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly failed: number;
}

/** A trail of the caller's account. Times are ISO 8601, null before the first delivery. */
export interface TrailStatus {
  readonly trailArn: string;
  readonly homeRegion: string;
  readonly isMultiRegionTrail: boolean;
  readonly isLogging: boolean;
  readonly s3BucketName: string;
  readonly latestDeliveryTime: string | null;
  readonly latestDeliveryError: string | null;
  readonly latestNotificationTime: string | null;
  /** SNS's code, of the newest attempt. */
  readonly latestNotificationError: string | null;
  readonly latestCloudWatchLogsDeliveryTime: string | null;
  readonly latestCloudWatchLogsDeliveryError: string | null;
}

/** A rule on the event bus and how often its target was invoked since the host started. */
export interface RuleStatus {
  readonly name: string;
  readonly state: string;
  readonly description: string;
  readonly invocations: number;
  /** Invocations that ended in an error. */
  readonly failures: number;
}

/** An error that a stage met. */
export interface StageError {
  /** ISO 8601. */
  readonly at: string;
  readonly stage: string;
  readonly message: string;
}

/** What every host answers to `GET /_opentrail/status`. */
export interface EndpointStatus {
  readonly version: string;
  /** Which host answers: `embedded` or `aws`. */
  readonly host: string;
  readonly stages: readonly QueueStatus[];
  readonly trails: readonly TrailStatus[];
}

/** What a host answers that runs in one process, which can count. On AWS the counts are metrics in CloudWatch. */
export interface StatusReport extends EndpointStatus {
  /** ISO 8601. */
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly ingest: IngestCounts;
  readonly stages: readonly StageStatus[];
  readonly rules: readonly RuleStatus[];
  /** Newest first. */
  readonly lastErrors: readonly StageError[];
}
