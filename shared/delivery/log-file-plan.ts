import type { RecordGroup } from "../event/block.ts";
import type { TrailDestination } from "../trail/trail.ts";
import type { Part } from "./part.ts";

/** A part that nobody holds. */
export interface ClaimablePart {
  readonly part: Part;
  /** The void file that the part's row names, if it has one. */
  readonly insteadOf?: string;
}

/** The parts that are to go into one log file: of one trail as it was at acceptance, account, region and kind. */
export interface LogFilePlan {
  readonly destination: TrailDestination;
  readonly group: RecordGroup;
  readonly claims: readonly ClaimablePart[];
}

/**
 * Groups parts into log files of at most `maxBytes` of content. A part is never divided, since its row names
 * one file: a larger part is a file of its own.
 */
export function planLogFiles(claimable: readonly ClaimablePart[], maxBytes: number): readonly LogFilePlan[] {
  const open = new Map<string, { readonly claims: ClaimablePart[]; bytes: number }>();
  const plans: LogFilePlan[] = [];
  for (const claim of claimable) {
    const { destination, group, bytes } = claim.part;
    const folder = folderName(destination, group);
    const file = open.get(folder);
    if (file !== undefined && file.bytes + bytes <= maxBytes) {
      file.claims.push(claim);
      file.bytes += bytes;
    } else {
      const claims = [claim];
      open.set(folder, { claims, bytes });
      plans.push({ destination, group, claims });
    }
  }
  return plans;
}

function folderName(destination: TrailDestination, group: RecordGroup): string {
  const { trailArn, s3BucketName, s3KeyPrefix, organizationId, kmsKeyId, snsTopicArn } = destination;
  return JSON.stringify([
    [trailArn, s3BucketName, s3KeyPrefix, organizationId, kmsKeyId, snsTopicArn],
    destination.logFileValidationEnabled,
    [group.recipientAccountId, group.awsRegion, group.kind],
  ]);
}
