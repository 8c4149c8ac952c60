import { forEachBounded } from "../concurrency/bounded.ts";
import type { LogBuckets } from "../ports/log-buckets.ts";
import { parseTrailArn } from "../trail/arn.ts";
import { type CheckedDigest, checkDigest } from "./check-digest.ts";
import { digestFolder, digestKey, parseDigestKey } from "./digest-key.ts";
import type { ValidationPorts, ValidationRequest } from "./validation.ts";
import type { Progress } from "./validation-progress.ts";

const HOUR = 60 * 60_000;
const MINUTE = 60_000;

/** Where a digest is. */
interface DigestPlace {
  readonly bucket: string;
  readonly key: string;
}

/**
 * The digests of the range, and those of other trails in the same folder, by their own words alone. A chain goes on in
 * another bucket where the trail's bucket was changed: what the digests there say is followed.
 */
export async function readDigests(
  request: ValidationRequest,
  { buckets, findKey, concurrency }: ValidationPorts,
  progress: Progress,
): Promise<{ readonly own: readonly CheckedDigest[]; readonly others: readonly CheckedDigest[] }> {
  const { homeRegion } = parseTrailArn(request.trailArn);
  const isOwn = ownDigestTest(request);
  const own: CheckedDigest[] = [];
  const others: CheckedDigest[] = [];
  const listedBuckets = new Set<string>();
  const seen = new Set<string>();
  const unseen = (places: readonly DigestPlace[]): readonly DigestPlace[] =>
    places.filter(({ bucket, key }) => {
      const name = `${bucket}/${key}`;
      const isNew = !seen.has(name);
      seen.add(name);
      return isNew;
    });
  const list = async (bucket: string): Promise<readonly DigestPlace[]> => {
    if (listedBuckets.has(bucket)) {
      return [];
    }
    listedBuckets.add(bucket);
    return listDigests(buckets, bucket, request);
  };

  let batch = unseen(await list(request.destination.s3BucketName));
  while (batch.length > 0) {
    const links: DigestPlace[] = [];
    progress.addDigests(batch.length);
    await forEachBounded(batch, concurrency, async ({ bucket, key }) => {
      const digest = await checkDigest(buckets, bucket, key, homeRegion, findKey);
      progress.digestDone();
      if (isOwn(key)) {
        own.push(digest);
        links.push(...linkOf(digest, request.period.start));
      } else {
        others.push(digest);
      }
    });
    const listed: DigestPlace[] = [];
    for (const { bucket } of links) {
      listed.push(...(await list(bucket)));
    }
    batch = unseen([...listed, ...links]);
  }
  return { own, others };
}

/** The digest before, if it may be of the range. */
function linkOf({ fault, content }: CheckedDigest, start: number): readonly DigestPlace[] {
  const { previousDigestS3Bucket: bucket, previousDigestS3Object: key } = content ?? {};
  return fault === undefined && bucket && key && Date.parse(content?.digestStartTime ?? "") >= start
    ? [{ bucket, key }]
    : [];
}

/** The digests whose names carry a time from the start to an hour past the end: an hour's files may spill over. */
async function listDigests(
  buckets: LogBuckets,
  bucket: string,
  { trailArn, period, region, accountId, destination }: ValidationRequest,
): Promise<readonly DigestPlace[]> {
  const chain = { trailArn, recipientAccountId: accountId, awsRegion: region };
  const folder = digestFolder(destination, chain);
  const dayOf = (key: string): string => key.slice(folder.length + 1, folder.length + 11);
  const firstDay = dayOf(digestKey(destination, chain, period.start - MINUTE));
  const lastDay = dayOf(digestKey(destination, chain, period.end + HOUR));
  const found: DigestPlace[] = [];
  for await (const key of buckets.keys(bucket, `${folder}/`, `${folder}/${firstDay}`)) {
    if (dayOf(key) > lastDay) {
      break;
    }
    const name = parseDigestKey(key);
    if (name !== undefined && name.endTime >= period.start && name.endTime <= period.end + HOUR) {
      found.push({ bucket, key });
    }
  }
  return found;
}

/** Tells the trail's own digests from those of other trails in the folder: by all of the name but its time. */
function ownDigestTest({
  trailArn,
  region,
  accountId,
  destination,
}: ValidationRequest): (key: string) => boolean {
  const chain = { trailArn, recipientAccountId: accountId, awsRegion: region };
  const example = digestKey(destination, chain, 0);
  const name = (key: string): string =>
    (key.split("/").at(-1) ?? "").replace(/\d{8}T\d{6}Z(?:_backfill)?\.json\.gz$/, "");
  const own = name(example);
  return (key) => name(key) === own;
}

/** Verifies the digests of a copy, which has no signatures, by what the next digest of each says. */
export async function withLinkedSignatures(
  digests: readonly CheckedDigest[],
): Promise<readonly CheckedDigest[]> {
  const byName = new Map(digests.map((digest) => [`${digest.bucket}/${digest.key}`, digest]));
  // Newest first: what a digest says of the one before counts once it is verified itself.
  const newestFirst = [...digests].sort((one, other) => other.endTime - one.endTime);
  for (const { key, bucket } of newestFirst) {
    const digest = byName.get(`${bucket}/${key}`);
    const { content, fault, isSigned, verify } = digest ?? {};
    if (content === undefined || fault !== undefined || (!isSigned && !verify)) {
      continue;
    }
    const previous = byName.get(`${content.previousDigestS3Bucket}/${content.previousDigestS3Object}`);
    const signature = content.previousDigestSignature;
    if (previous?.verify && !previous.isSigned && signature !== null) {
      const previousFault = await previous.verify(signature);
      byName.set(
        `${previous.bucket}/${previous.key}`,
        previousFault === undefined
          ? { ...previous, signature, isSigned: true }
          : { ...previous, fault: previousFault },
      );
    }
  }
  return [...byName.values()];
}
