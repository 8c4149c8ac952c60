import type { EventSelection } from "../selector/event-selection.ts";
import type { AggregationConfiguration } from "./aggregation-configuration.ts";
import type { InsightSelector } from "./insight-selectors.ts";

/** Where a trail delivers to: the part of a trail that a routing slip carries. */
export interface TrailDestination {
  readonly trailArn: string;
  readonly accountId: string;
  readonly homeRegion: string;
  readonly name: string;
  readonly s3BucketName: string;
  readonly s3KeyPrefix?: string;
  /** ARN of the key for SSE-KMS. */
  readonly kmsKeyId?: string;
  readonly snsTopicArn?: string;
  /** Ends in `:*`. */
  readonly cloudWatchLogsLogGroupArn?: string;
  readonly cloudWatchLogsRoleArn?: string;
  /** The organization's id (`o-…`), which stands in the keys of an organization trail's files. */
  readonly organizationId?: string;
  /** Whether digests list the log files that are made of it. */
  readonly logFileValidationEnabled?: boolean;
}

/** A trail: what CreateTrail and UpdateTrail set, its selectors and its logging state. Times in ms since the epoch. */
export interface Trail extends TrailDestination {
  readonly isMultiRegionTrail: boolean;
  readonly includeGlobalServiceEvents: boolean;
  readonly logFileValidationEnabled: boolean;
  /** When log file validation was last switched on. */
  readonly logFileValidationStartTime?: number;
  readonly selection: EventSelection;
  /** The topic's name or ARN, as it was set. */
  readonly snsTopicName?: string;
  /** When it was last given another topic. */
  readonly snsTopicSince?: number;
  /** Which Insights it is to take; absent: none. */
  readonly insightSelectors?: readonly InsightSelector[];
  /** As PutEventConfiguration set them. */
  readonly aggregationConfigurations?: readonly AggregationConfiguration[];
  readonly isLogging: boolean;
  readonly createdAt: number;
  readonly startLoggingTime?: number;
  readonly stopLoggingTime?: number;
  /** By key. A tag without a value has an empty one. */
  readonly tags?: Readonly<Record<string, string>>;
  /** As it was set; deliveries of OpenTrail's own are never logged, whatever it says. */
  readonly recursiveLogging?: boolean;
}

/** All trails of an account as they were at one moment. */
export interface TrailState {
  /** Grows by one with every change of a trail of the account; 0 before the first. */
  readonly version: number;
  readonly trails: readonly Trail[];
}
