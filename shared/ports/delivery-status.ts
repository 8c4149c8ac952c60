/** The deliveries of a trail that GetTrailStatus reports. */
export type DeliveryTarget = "s3" | "sns" | "cloudwatch-logs" | "digest";

/** The newest attempts of a trail to deliver to one target. Times in ms since the epoch. */
export interface TargetStatus {
  readonly latestAttemptAt: number;
  readonly latestSuccessAt?: number;
  /** The error of the latest attempt; absent when it succeeded. */
  readonly latestError?: string;
}

/** How a trail's deliveries went. */
export interface DeliveryStatus {
  /** Notes an attempt. `error` is the AWS error code (`NoSuchBucket`, `AccessDenied`…) where there is one. */
  report(trailArn: string, target: DeliveryTarget, at: number, error?: string): Promise<void>;
  read(trailArn: string): Promise<Readonly<Partial<Record<DeliveryTarget, TargetStatus>>>>;
  /** Forgets a trail that was deleted. */
  forget(trailArn: string): Promise<void>;
}
