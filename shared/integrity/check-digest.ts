import { createPublicKey, hash, type KeyObject, verify } from "node:crypto";
import type { LogBuckets } from "../ports/log-buckets.ts";
import { type DigestContent, type DigestLogFile, signedText } from "./digest-file.ts";
import { type DigestName, parseDigestKey } from "./digest-key.ts";
import { inflateMember } from "./inflate-member.ts";

/** A public key that digests may be signed with. */
export interface ValidationKey {
  readonly fingerprint: string;
  /** PKCS#1, DER. */
  readonly publicKey: Uint8Array;
}

/** A digest file by itself, without what its neighbours say of it. */
export interface CheckedDigest extends DigestName {
  readonly bucket: string;
  /** What it says, where that could be read and it is the digest of this place. */
  readonly content?: DigestContent;
  readonly sha256?: string;
  readonly signature?: string;
  /** What is wrong with it; absent where its signature is good, or where it has none to look at. */
  readonly fault?: string;
  /** Whether its signature was verified. */
  readonly isSigned: boolean;
  /** Of a copy that keeps no signatures: verifies one that comes from elsewhere. Answers what is wrong with it. */
  readonly verify?: (signature: string) => Promise<string | undefined>;
}

/** Where a digest's public key may be looked for when it is not among the known ones. */
export type FindKey = (
  fingerprint: string,
  backfillTime: number | undefined,
) => Promise<ValidationKey | undefined>;

/** What is wrong with a digest file that is not there. */
export const NOT_FOUND = "not found";

const SIGNATURE_FAILED = "signature verification failed";

/**
 * Reads a digest file and verifies that it is the one that was signed for this place.
 * @throws what the buckets throw
 */
export async function checkDigest(
  buckets: LogBuckets,
  bucket: string,
  key: string,
  region: string,
  findKey: FindKey,
): Promise<CheckedDigest> {
  const name = parseDigestKey(key) ?? { key, endTime: Number.NaN, isBackfill: false };
  const object = await buckets.get(bucket, key);
  if (object === undefined) {
    return { ...name, bucket, fault: NOT_FOUND, isSigned: false };
  }
  const read = await readDigest(object.body);
  if (read === undefined) {
    return { ...name, bucket, fault: "invalid format", isSigned: false };
  }
  const { content, text } = read;
  const digest = { ...name, bucket, content, sha256: hash("sha256", text, "hex") };
  if (content.digestS3Bucket !== bucket || content.digestS3Object !== key) {
    return { ...name, bucket, fault: "has been moved from its original location", isSigned: false };
  }
  if (object.metadata === undefined) {
    const verify = (signature: string) =>
      signatureFault(content, text, signature, region, findKey, undefined);
    return { ...digest, isSigned: false, verify };
  }
  const {
    signature,
    "signature-algorithm": algorithm,
    "backfill-generation-timestamp": backfill,
  } = object.metadata;
  if (signature === undefined || algorithm === undefined) {
    return { ...name, bucket, fault: SIGNATURE_FAILED, isSigned: false };
  }
  if (name.isBackfill && Number.isNaN(Date.parse(backfill ?? ""))) {
    return { ...name, bucket, fault: "invalid format", isSigned: false };
  }
  const fault = await signatureFault(
    content,
    text,
    signature,
    region,
    findKey,
    name.isBackfill ? Date.parse(backfill ?? "") : undefined,
  );
  return fault === undefined
    ? { ...digest, signature, isSigned: true }
    : { ...name, bucket, fault, isSigned: false };
}

/** What is wrong with a digest's signature, if anything. @param text the digest, uncompressed */
async function signatureFault(
  content: DigestContent,
  text: Buffer,
  signature: string,
  region: string,
  findKey: FindKey,
  backfillTime: number | undefined,
): Promise<string | undefined> {
  const fingerprint = content.digestPublicKeyFingerprint;
  const found = await findKey(fingerprint, backfillTime);
  if (found === undefined) {
    return `public key not found in region ${region} for fingerprint ${fingerprint}`;
  }
  const publicKey = loadKey(found.publicKey);
  if (publicKey === undefined) {
    return `Unable to load PKCS #1 key with fingerprint ${fingerprint}`;
  }
  return isSignedBy(publicKey, content, text, signature) ? undefined : SIGNATURE_FAILED;
}

function isSignedBy(key: KeyObject, content: DigestContent, text: Buffer, signature: string): boolean {
  return (
    /^(?:[0-9a-f]{2})+$/i.test(signature) &&
    verify("sha256", signedText(content, text), key, Buffer.from(signature, "hex"))
  );
}

function loadKey(publicKey: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(publicKey), type: "pkcs1", format: "der" });
  } catch {
    return undefined;
  }
}

async function readDigest(
  body: Buffer,
): Promise<{ readonly content: DigestContent; readonly text: Buffer } | undefined> {
  try {
    const text = await inflateMember(body);
    const content: unknown = JSON.parse(text.toString("utf8"));
    return isDigest(content) ? { content, text } : undefined;
  } catch {
    return undefined;
  }
}

function isDigest(value: unknown): value is DigestContent {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  const digest = value as Readonly<Record<string, unknown>>;
  const texts = ["digestPublicKeyFingerprint", "digestS3Bucket", "digestS3Object"];
  const times = ["digestStartTime", "digestEndTime"];
  const links = [
    "previousDigestS3Bucket",
    "previousDigestS3Object",
    "previousDigestSignature",
    "previousDigestHashValue",
  ];
  return (
    texts.every((name) => typeof digest[name] === "string") &&
    times.every((name) => typeof digest[name] === "string" && !Number.isNaN(Date.parse(digest[name]))) &&
    links.every((name) => digest[name] === null || typeof digest[name] === "string") &&
    Array.isArray(digest.logFiles) &&
    digest.logFiles.every(isLogFile)
  );
}

function isLogFile(value: unknown): value is DigestLogFile {
  const file = value as Readonly<Record<string, unknown>> | null;
  return (
    typeof file === "object" &&
    file !== null &&
    ["s3Bucket", "s3Object", "hashValue"].every((name) => typeof file[name] === "string")
  );
}
