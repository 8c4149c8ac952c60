import type { DigestDestination } from "../ports/digest-store.ts";
import type { LogBuckets } from "../ports/log-buckets.ts";
import type { FindKey } from "./check-digest.ts";
import type { Period } from "./periods.ts";

/** What is to be validated. */
export interface ValidationRequest {
  readonly trailArn: string;
  /** Milliseconds since the epoch, whole seconds. */
  readonly period: Period;
  /** The region whose digests are read: one of those that the trail delivers from. */
  readonly region: string;
  /** The account whose digests are read. */
  readonly accountId: string;
  readonly destination: Pick<DigestDestination, "s3BucketName" | "s3KeyPrefix" | "organizationId">;
  /** Whether log files that no digest lists are no fault: those of a trail without validation in the same folder. */
  readonly allowUnlisted: boolean;
}

/** What validation works with. */
export interface ValidationPorts {
  readonly buckets: LogBuckets;
  readonly findKey: FindKey;
  /** Objects that are read at the same time. */
  readonly concurrency: number;
  /** Told now and then how far it has come. */
  readonly onProgress?: (progress: ValidationProgress) => void;
}

/** How far validation has come: log files are known once the digests are read. */
export interface ValidationProgress {
  readonly digests: number;
  readonly allDigests: number;
  readonly logFiles: number;
  readonly allLogFiles: number;
}

/** One file that was looked at, or looked for. */
export interface FileFinding {
  readonly kind: "digest" | "backfill digest" | "log";
  readonly bucket: string;
  readonly key: string;
  /** Absent: valid. */
  readonly fault?: string;
}

/** Digests that nothing proves to be whole. */
export interface Gap extends Period {
  /**
   * `stopped`: a starting digest follows, as after the trail did not log or had no validation. `missing`: digests
   * were deleted or are invalid. `open`: before the first digest or after the last one.
   */
  readonly kind: "stopped" | "missing" | "open";
}

/** What was found. */
export interface ValidationReport {
  readonly request: ValidationRequest;
  /** Digests newest first, each followed by its log files; then backfill digests; then what no digest lists. */
  readonly findings: readonly FileFinding[];
  /** What was found wrong that is no single file. */
  readonly notes: readonly string[];
  /** Digests of a copy that has no signature of them: neither valid nor invalid. */
  readonly unsigned: readonly FileFinding[];
  /** The time within the request that valid digests cover. */
  readonly proven: readonly Period[];
  readonly unproven: readonly Gap[];
}
