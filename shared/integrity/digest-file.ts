import { hash } from "node:crypto";
import type { DigestChainId, DigestedFile, DigestRow } from "../ports/digest-store.ts";
import type { ObjectSettings } from "../ports/object-store.ts";

/**
 * What a digest file says.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html
 */
export interface DigestContent {
  readonly awsAccountId: string;
  /** Times are ISO 8601 in UTC, to the second. */
  readonly digestStartTime: string;
  readonly digestEndTime: string;
  readonly digestS3Bucket: string;
  readonly digestS3Object: string;
  readonly digestPublicKeyFingerprint: string;
  readonly digestSignatureAlgorithm: string;
  /** Of the events in all log files; null where there are none. */
  readonly newestEventTime: string | null;
  readonly oldestEventTime: string | null;
  /** These five are null in a starting digest. */
  readonly previousDigestS3Bucket: string | null;
  readonly previousDigestS3Object: string | null;
  readonly previousDigestHashValue: string | null;
  readonly previousDigestHashAlgorithm: string | null;
  readonly previousDigestSignature: string | null;
  readonly logFiles: readonly DigestLogFile[];
}

/** A log file as a digest lists it. */
export interface DigestLogFile {
  readonly s3Bucket: string;
  readonly s3Object: string;
  /** Hex SHA-256 of the uncompressed file. */
  readonly hashValue: string;
  readonly hashAlgorithm: string;
  readonly newestEventTime: string;
  readonly oldestEventTime: string;
}

const SIGNATURE_ALGORITHM = "SHA256withRSA";

/** The digest's bytes before compression. The same row and files always give the same bytes. */
export function composeDigest(
  { recipientAccountId }: DigestChainId,
  row: DigestRow,
  fingerprint: string,
  files: readonly DigestedFile[],
): Buffer {
  const seals = files.map(({ seal }) => seal).filter(({ records }) => records > 0);
  const content: DigestContent = {
    awsAccountId: recipientAccountId,
    digestStartTime: isoSecond(row.startTime),
    digestEndTime: isoSecond(row.endTime),
    digestS3Bucket: row.bucket,
    digestS3Object: row.key,
    digestPublicKeyFingerprint: fingerprint,
    digestSignatureAlgorithm: SIGNATURE_ALGORITHM,
    newestEventTime: isoOrNull(
      extreme(seals, ({ newestEventTime: time }, best) => time > best.newestEventTime)?.newestEventTime,
    ),
    oldestEventTime: isoOrNull(
      extreme(seals, ({ oldestEventTime: time }, best) => time < best.oldestEventTime)?.oldestEventTime,
    ),
    previousDigestS3Bucket: row.previous?.bucket ?? null,
    previousDigestS3Object: row.previous?.key ?? null,
    previousDigestHashValue: row.previous?.sha256 ?? null,
    previousDigestHashAlgorithm: row.previous ? "SHA-256" : null,
    previousDigestSignature: row.previous?.signature ?? null,
    logFiles: files.map(({ bucket, key, seal }) => ({
      s3Bucket: bucket,
      s3Object: key,
      hashValue: seal.sha256,
      hashAlgorithm: "SHA-256",
      newestEventTime: isoSecond(seal.newestEventTime),
      oldestEventTime: isoSecond(seal.oldestEventTime),
    })),
  };
  return Buffer.from(JSON.stringify(content));
}

/** The text that a digest's signature is of. @param content uncompressed */
export function signedText(
  digest: Pick<
    DigestContent,
    "digestEndTime" | "digestS3Bucket" | "digestS3Object" | "previousDigestSignature"
  >,
  content: Uint8Array,
): Buffer {
  const { digestEndTime, digestS3Bucket, digestS3Object, previousDigestSignature } = digest;
  const sha256 = hash("sha256", content, "hex");
  return Buffer.from(
    `${digestEndTime}\n${digestS3Bucket}/${digestS3Object}\n${sha256}\n${previousDigestSignature ?? "null"}`,
  );
}

/** What is put beside a digest's bytes. */
export function digestSettings(row: DigestRow, signature: string): ObjectSettings {
  return {
    contentType: "application/json",
    contentEncoding: "gzip",
    metadata: {
      signature,
      "signature-algorithm": SIGNATURE_ALGORITHM,
      ...(row.backfillTime !== undefined && { "backfill-generation-timestamp": isoSecond(row.backfillTime) }),
    },
    ...(row.kmsKeyId !== undefined && { kmsKeyId: row.kmsKeyId }),
  };
}

/** `2026-11-23T22:00:00Z` */
export function isoSecond(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`;
}

function isoOrNull(time: number | undefined): string | null {
  return time === undefined ? null : isoSecond(time);
}

function extreme<T>(values: readonly T[], isBetter: (value: T, best: T) => boolean): T | undefined {
  return values.reduce<T | undefined>(
    (best, value) => (best === undefined || isBetter(value, best) ? value : best),
    undefined,
  );
}
