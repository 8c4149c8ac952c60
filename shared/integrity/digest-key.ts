import { pathSegment } from "../delivery/log-file-key.ts";
import type { DigestChainId, DigestDestination } from "../ports/digest-store.ts";
import { parseTrailArn } from "../trail/arn.ts";

/** The end of a backfill digest's key. */
export const BACKFILL_SUFFIX = "_backfill";

/** The folder of a chain's digest files, without a date and without a slash at its end. */
export function digestFolder(
  { s3KeyPrefix, organizationId }: Pick<DigestDestination, "s3KeyPrefix" | "organizationId">,
  { recipientAccountId, awsRegion }: Pick<DigestChainId, "recipientAccountId" | "awsRegion">,
): string {
  return [
    ...(s3KeyPrefix ? [s3KeyPrefix] : []),
    "AWSLogs",
    ...(organizationId ? [organizationId] : []),
    pathSegment(recipientAccountId),
    "CloudTrail-Digest",
    pathSegment(awsRegion),
  ].join("/");
}

/**
 * The key of a digest file: its date and name carry the time at which the digest ends.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 * @param endTime milliseconds since the epoch
 */
export function digestKey(
  destination: Pick<DigestDestination, "s3KeyPrefix" | "organizationId">,
  chain: DigestChainId,
  endTime: number,
  suffix: "" | typeof BACKFILL_SUFFIX = "",
): string {
  const { name, homeRegion } = parseTrailArn(chain.trailArn);
  const account = pathSegment(chain.recipientAccountId);
  const region = pathSegment(chain.awsRegion);
  const date = new Date(endTime).toISOString().slice(0, 10).replaceAll("-", "/");
  const file = `${account}_CloudTrail-Digest_${region}_${name}_${homeRegion}_${keyTime(endTime)}${suffix}.json.gz`;
  return `${digestFolder(destination, chain)}/${date}/${file}`;
}

/** A time as keys carry it: `20261123T220000Z`. */
function keyTime(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, "");
}

/** What the name of a digest file tells of it. */
export interface DigestName {
  readonly key: string;
  /** Milliseconds since the epoch. */
  readonly endTime: number;
  readonly isBackfill: boolean;
}

/** Reads a digest file's key; undefined if it is none. */
export function parseDigestKey(key: string): DigestName | undefined {
  const [, year, month, day, hour, minute, second, backfill] =
    /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z(_backfill)?\.json\.gz$/.exec(key) ?? [];
  if (year === undefined) {
    return undefined;
  }
  const endTime = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(endTime) ? undefined : { key, endTime, isBackfill: backfill !== undefined };
}
