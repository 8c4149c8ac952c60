import { forEachBounded } from "../delivery/bounded.ts";
import type { DigestDestination } from "../ports/digest-store.ts";
import type { LogBuckets } from "../ports/log-buckets.ts";
import { parseTrailArn } from "../trail/arn.ts";
import { chainFaults } from "./chain-faults.ts";
import { type CheckedDigest, checkDigest, type FindKey } from "./check-digest.ts";
import { checkLogFile } from "./check-log-file.ts";
import type { DigestLogFile } from "./digest-file.ts";
import { digestFolder, digestKey, parseDigestKey } from "./digest-key.ts";
import { clipPeriods, mergePeriods, type Period, uncovered } from "./periods.ts";
import { unlistedLogFiles } from "./unlisted-log-files.ts";

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

const HOUR = 60 * 60_000;
const MINUTE = 60_000;

/**
 * Checks the digests of a trail in one account and region, and every log file that they list. Unlike the official CLI
 * it looks at each digest by itself, whatever is wrong with its neighbours, and then at how they hang together: so
 * every fault is found.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-cli.html
 * @throws what the ports throw
 */
export async function validateLogs(
  request: ValidationRequest,
  ports: ValidationPorts,
): Promise<ValidationReport> {
  const progress = new Progress(ports.onProgress);
  const digests = await readDigests(request, ports, progress);
  const own = await withLinkedSignatures(digests.own);
  const others = await withLinkedSignatures(digests.others);
  const { faults, gaps, notes } = chainFaults(own, request.period);
  const judged = [...own, ...faults.missing].map((digest) => {
    const fault = digest.fault ?? faults.of.get(digest.key);
    return fault === undefined ? digest : { ...digest, fault };
  });
  judged.sort(
    (one, other) => other.endTime - one.endTime || Number(one.isBackfill) - Number(other.isBackfill),
  );
  const valid = judged.filter(({ isSigned, fault }) => isSigned && fault === undefined);

  const logs = new Map(
    valid.flatMap(({ content }) => (content?.logFiles ?? []).map((file) => [logName(file), file] as const)),
  );
  const logFaults = await checkLogFiles([...logs.values()], ports, progress);
  const listed = new Set([
    ...logs.keys(),
    ...[...judged, ...others.filter(({ fault }) => fault === undefined)].flatMap(({ content }) =>
      (content?.logFiles ?? []).map(logName),
    ),
  ]);
  const proven = mergePeriods(
    clipPeriods(valid.filter(({ isBackfill }) => !isBackfill).map(periodOf), request.period),
  );
  const unlisted = request.allowUnlisted
    ? []
    : await unlistedLogFiles(ports.buckets, request, valid.map(periodOf), listed);

  const regular = judged.filter(({ isBackfill }) => !isBackfill);
  const backfills = judged.filter(({ isBackfill }) => isBackfill);
  return {
    request,
    findings: [
      ...[...regular, ...backfills].flatMap((digest) =>
        digest.verify && !digest.isSigned && digest.fault === undefined
          ? []
          : [
              digestFinding(digest),
              ...(valid.includes(digest) ? (digest.content?.logFiles ?? []) : []).map((file) =>
                logFinding(file, logFaults),
              ),
            ],
      ),
      ...unlisted.map(({ bucket, key }) => ({
        kind: "log" as const,
        bucket,
        key,
        fault: "no digest file lists it",
      })),
    ],
    notes,
    unsigned: judged
      .filter(({ verify, isSigned, fault }) => verify && !isSigned && fault === undefined)
      .map(digestFinding),
    proven,
    unproven: uncovered(proven, request.period).map((gap) => ({ ...gap, kind: gapKind(gap, gaps) })),
  };
}

/** The digests of the range, and those of other trails in the same folder, by their own words alone. */
async function readDigests(
  request: ValidationRequest,
  ports: ValidationPorts,
  progress: Progress,
): Promise<{ readonly own: readonly CheckedDigest[]; readonly others: readonly CheckedDigest[] }> {
  const own = new Map<string, CheckedDigest>();
  const others: CheckedDigest[] = [];
  const listedBuckets = new Set<string>();
  const wanted: { readonly bucket: string; readonly key: string }[] = [];
  const isOwn = ownDigestTest(request);
  const listBucket = async (bucket: string): Promise<void> => {
    if (!listedBuckets.has(bucket)) {
      listedBuckets.add(bucket);
      wanted.push(...(await listDigests(ports.buckets, bucket, request)));
    }
  };
  await listBucket(request.destination.s3BucketName);
  while (wanted.length > 0) {
    const batch = wanted.splice(0);
    progress.addDigests(batch.length);
    await forEachBounded(batch, ports.concurrency, async ({ bucket, key }) => {
      const digest = await checkDigest(
        ports.buckets,
        bucket,
        key,
        parseTrailArn(request.trailArn).homeRegion,
        ports.findKey,
      );
      progress.digestDone();
      if (isOwn(key)) {
        own.set(`${bucket}/${key}`, digest);
      } else {
        others.push(digest);
      }
    });
    for (const { fault, content, bucket } of [...own.values()]) {
      const { previousDigestS3Bucket, previousDigestS3Object } = content ?? {};
      if (fault !== undefined || !previousDigestS3Bucket || !previousDigestS3Object) {
        continue;
      }
      if (previousDigestS3Bucket !== bucket) {
        await listBucket(previousDigestS3Bucket);
      }
      const isWithin = Date.parse(content?.digestStartTime ?? "") >= request.period.start;
      const link = { bucket: previousDigestS3Bucket, key: previousDigestS3Object };
      const isKnown = (known: { readonly bucket: string; readonly key: string }): boolean =>
        known.bucket === link.bucket && known.key === link.key;
      if (isWithin && !own.has(`${link.bucket}/${link.key}`) && !wanted.some(isKnown)) {
        wanted.push(link);
      }
    }
    for (let index = wanted.length - 1; index >= 0; index -= 1) {
      const { bucket, key } = wanted[index] ?? { bucket: "", key: "" };
      if (own.has(`${bucket}/${key}`)) {
        wanted.splice(index, 1);
      }
    }
  }
  return { own: [...own.values()], others };
}

/** The digests whose names carry a time from the start to an hour past the end: an hour's files may spill over. */
async function listDigests(
  buckets: LogBuckets,
  bucket: string,
  { trailArn, period, region, accountId, destination }: ValidationRequest,
): Promise<readonly { readonly bucket: string; readonly key: string }[]> {
  const chain = { trailArn, recipientAccountId: accountId, awsRegion: region };
  const folder = digestFolder(destination, chain);
  const dayOf = (key: string): string => key.slice(folder.length + 1, folder.length + 11);
  const firstDay = dayOf(digestKey(destination, chain, period.start - MINUTE));
  const lastDay = dayOf(digestKey(destination, chain, period.end + HOUR));
  const found = [];
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
async function withLinkedSignatures(digests: readonly CheckedDigest[]): Promise<readonly CheckedDigest[]> {
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

async function checkLogFiles(
  files: readonly DigestLogFile[],
  { buckets, concurrency }: ValidationPorts,
  progress: Progress,
): Promise<ReadonlyMap<string, string>> {
  const faults = new Map<string, string>();
  progress.setLogFiles(files.length);
  await forEachBounded(files, concurrency, async (file) => {
    const fault = await checkLogFile(buckets, file);
    if (fault !== undefined) {
      faults.set(logName(file), fault);
    }
    progress.logFileDone();
  });
  return faults;
}

function logName({ s3Bucket, s3Object }: DigestLogFile): string {
  return `${s3Bucket}/${s3Object}`;
}

function logFinding(file: DigestLogFile, faults: ReadonlyMap<string, string>): FileFinding {
  const fault = faults.get(logName(file));
  return { kind: "log", bucket: file.s3Bucket, key: file.s3Object, ...(fault !== undefined && { fault }) };
}

function digestFinding({ isBackfill, bucket, key, fault }: CheckedDigest): FileFinding {
  return {
    kind: isBackfill ? "backfill digest" : "digest",
    bucket,
    key,
    ...(fault !== undefined && { fault }),
  };
}

function periodOf({ content }: CheckedDigest): Period {
  return {
    start: Date.parse(content?.digestStartTime ?? ""),
    end: Date.parse(content?.digestEndTime ?? ""),
  };
}

function gapKind(gap: Period, known: readonly Gap[]): Gap["kind"] {
  return known.find(({ start, end }) => start < gap.end && end > gap.start)?.kind ?? "open";
}

/** Counts what is done, and tells it at most ten times a second. */
class Progress {
  readonly #tell: (progress: ValidationProgress) => void;
  readonly #counts = { digests: 0, allDigests: 0, logFiles: 0, allLogFiles: 0 };
  #toldAt = 0;

  constructor(tell: ((progress: ValidationProgress) => void) | undefined) {
    this.#tell = tell ?? (() => undefined);
  }

  addDigests(count: number): void {
    this.#counts.allDigests += count;
  }

  setLogFiles(count: number): void {
    this.#counts.allLogFiles = count;
  }

  digestDone(): void {
    this.#counts.digests += 1;
    this.#maybeTell();
  }

  logFileDone(): void {
    this.#counts.logFiles += 1;
    this.#maybeTell();
  }

  #maybeTell(): void {
    const now = Date.now();
    if (now - this.#toldAt >= 100) {
      this.#toldAt = now;
      this.#tell({ ...this.#counts });
    }
  }
}
