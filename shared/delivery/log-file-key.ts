import { randomInt } from "node:crypto";
import type { RecordGroup } from "../event/block.ts";
import type { RecordKind } from "../event/record.ts";
import type { TrailDestination } from "../trail/trail.ts";

const FOLDERS: Readonly<Record<RecordKind, string>> = {
  management: "CloudTrail",
  data: "CloudTrail",
  activity: "CloudTrail",
  insight: "CloudTrail-Insight",
  "network-activity": "CloudTrail-NetworkActivity",
  aggregated: "CloudTrail-Aggregated",
};

/** CloudTrail names log files by five-minute marks. */
const MARK_MS = 5 * 60 * 1000;

/** Keeps a key under S3's 1,024 bytes, whatever account and region a record claims. */
const MAX_SEGMENT_LENGTH = 128;

const SUFFIX_LENGTH = 16;
const SUFFIX_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/**
 * The key of a log file.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html#cloudtrail-log-filename-format
 * @param at milliseconds since the epoch: the time of delivery
 * @param suffix what makes the name unique: 16 of A-Za-z0-9
 */
export function logFileKey(
  { s3KeyPrefix, organizationId }: Pick<TrailDestination, "s3KeyPrefix" | "organizationId">,
  group: RecordGroup,
  at: number,
  suffix: string,
): string {
  const account = pathSegment(group.recipientAccountId);
  const region = pathSegment(group.awsRegion);
  const folder = FOLDERS[group.kind];
  const mark = new Date(at - (at % MARK_MS)).toISOString();
  const [year = "", month = "", day = ""] = mark.slice(0, 10).split("-");
  const time = `${year}${month}${day}T${mark.slice(11, 13)}${mark.slice(14, 16)}Z`;
  return [
    ...(s3KeyPrefix ? [s3KeyPrefix] : []),
    "AWSLogs",
    ...(organizationId ? [organizationId] : []),
    account,
    folder,
    region,
    year,
    month,
    day,
    `${account}_${folder}_${region}_${time}_${suffix}.json.gz`,
  ].join("/");
}

/** 16 letters and digits that nobody can foresee. */
export function randomSuffix(): string {
  return Array.from({ length: SUFFIX_LENGTH }, () => SUFFIX_LETTERS[randomInt(SUFFIX_LETTERS.length)]).join(
    "",
  );
}

/** A record's own word as one folder's name: a record that claims the account `../x` stays in its trail's folder. */
export function pathSegment(value: string): string {
  const safe = value.slice(0, MAX_SEGMENT_LENGTH).replace(/[^A-Za-z0-9!*'()._-]/g, "_");
  return /^\.{0,2}$/.test(safe) ? "_".repeat(Math.max(safe.length, 1)) : safe;
}
