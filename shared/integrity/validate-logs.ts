import { forEachBounded } from "../concurrency/bounded.ts";
import { chainFaults } from "./chain-faults.ts";
import type { CheckedDigest } from "./check-digest.ts";
import { checkLogFile } from "./check-log-file.ts";
import type { DigestLogFile } from "./digest-file.ts";
import { clipPeriods, mergePeriods, type Period, uncovered } from "./periods.ts";
import { readDigests, withLinkedSignatures } from "./read-digests.ts";
import { unlistedLogFiles } from "./unlisted-log-files.ts";
import type { FileFinding, Gap, ValidationPorts, ValidationReport, ValidationRequest } from "./validation.ts";
import { Progress } from "./validation-progress.ts";

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
  const isValid = new Set(valid);

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
              ...(isValid.has(digest) ? (digest.content?.logFiles ?? []) : []).map((file) =>
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
