/** What the key of a log file in an account's own bucket tells. */
export interface SourceKey {
  /** The account that the log file is of. */
  readonly accountId: string;
  /** When the file was delivered, in ms since the epoch, to the minute; absent where its name does not say. */
  readonly deliveredAt?: number;
}

/** `[prefix/]AWSLogs/[o-…/]<account>/<folder>/…` */
const FOLDERS = /(?:^|\/)AWSLogs\/(?:o-[a-z0-9]+\/)?(\d{12})\/([A-Za-z-]+)\//;

/** `<account>_<folder>_<region>_<YYYYMMDD>T<HHmm>Z_<suffix>.json.gz` */
const NAME =
  /^(\d{12})_([A-Za-z-]+)_[a-z0-9-]+_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[A-Za-z0-9]+\.json(?:\.gz)?$/;

const LOG_FILES = new Set([
  "CloudTrail",
  "CloudTrail-Insight",
  "CloudTrail-NetworkActivity",
  "CloudTrail-Aggregated",
]);

/**
 * Reads the key of a log file, in CloudTrail's folders or moved out of them. Undefined for every other object: digest
 * files (`CloudTrail-Digest`), other services' logs, what is no JSON.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html
 */
export function readSourceKey(key: string): SourceKey | undefined {
  const name = NAME.exec(key.slice(key.lastIndexOf("/") + 1));
  const folders = FOLDERS.exec(key);
  const [, accountId, folder = ""] = folders ?? name ?? [];
  if (accountId === undefined || !LOG_FILES.has(folder) || !/\.json(?:\.gz)?$/.test(key)) return undefined;
  if (name === null) return { accountId };
  const [, , , year, month, day, hour, minute] = name;
  const deliveredAt = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute));
  return { accountId, deliveredAt };
}
