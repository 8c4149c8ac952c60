import { pathSegment } from "../delivery/log-file-key.ts";
import type { LogBuckets } from "../ports/log-buckets.ts";
import { digestFolder } from "./digest-key.ts";
import { mergePeriods, type Period } from "./periods.ts";
import type { ValidationRequest } from "./validation.ts";

const DAY_LENGTH = "2026/11/23".length;
/** Names of log files carry five-minute marks. */
const MARK_MS = 5 * 60_000;
/** A file is in a digest soon after its delivery; one whose worker died, after the sweep that finds it. */
const LATEST_AFTER_MS = 10 * 60_000;

const FOLDERS = ["CloudTrail", "CloudTrail-Insight", "CloudTrail-NetworkActivity", "CloudTrail-Aggregated"];

/**
 * Log files whose names say that they were delivered while digests were made, and that none of these lists: somebody
 * else has put them there. The newest files may only not be in a digest yet, and are let pass.
 * @param covered by valid digests of the trail
 * @param listed `<bucket>/<key>` of all files that digests in the same folder list, other trails' included
 */
export async function unlistedLogFiles(
  buckets: LogBuckets,
  { destination, accountId, region }: ValidationRequest,
  covered: readonly Period[],
  listed: ReadonlySet<string>,
): Promise<readonly { readonly bucket: string; readonly key: string }[]> {
  const bucket = destination.s3BucketName;
  const chain = { recipientAccountId: accountId, awsRegion: region };
  const digests = `/CloudTrail-Digest/${pathSegment(region)}`;
  const root = digestFolder(destination, chain).slice(0, -digests.length);
  const unlisted: { readonly bucket: string; readonly key: string }[] = [];
  const periods = mergePeriods(covered);
  const isWithin = (mark: number): boolean =>
    periods.some(({ start, end }) => mark > start && mark + MARK_MS + LATEST_AFTER_MS <= end);
  const [first, last] = [periods[0], periods.at(-1)];
  for (const folder of first && last ? FOLDERS : []) {
    const place = `${root}/${folder}/${pathSegment(region)}/`;
    for await (const key of buckets.keys(bucket, place, `${place}${dayOf(first?.start)}`)) {
      if (key.slice(place.length, place.length + DAY_LENGTH) > dayOf(last?.end)) {
        break;
      }
      const mark = markOf(key);
      if (mark !== undefined && isWithin(mark) && !listed.has(`${bucket}/${key}`)) {
        unlisted.push({ bucket, key });
      }
    }
  }
  return unlisted;
}

/** `2026/11/23` */
function dayOf(time = 0): string {
  return new Date(time).toISOString().slice(0, DAY_LENGTH).replaceAll("-", "/");
}

function markOf(key: string): number | undefined {
  const [, year, month, day, hour, minute] = /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_[^/]*$/.exec(key) ?? [];
  return year === undefined ? undefined : Date.parse(`${year}-${month}-${day}T${hour}:${minute}:00Z`);
}
