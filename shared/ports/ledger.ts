import type { RecordKind } from "../event/record.ts";

/**
 * `open`: claimed, may be written until its lease ends. `settled`: the object is in the bucket. `void`: an
 * empty object marked void stands in its place, so that the file can never be delivered.
 */
export type FileState = "open" | "settled" | "void";

/** A log file in the making or made. Written before the object is. */
export interface FileRow {
  /** `<bucket>/<key>`: names the row. */
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly trailArn: string;
  readonly recipientAccountId: string;
  readonly awsRegion: string;
  readonly kind: RecordKind;
  /** ARN of the trail's KMS key, so that a void object is encrypted as the log file would have been. */
  readonly kmsKeyId?: string;
  /** The topic that is told once the object is there. Absent: nobody is. */
  readonly snsTopicArn?: string;
  /** Where in the bucket its digests are. Absent: the trail had no log file validation, and no digest takes the file. */
  readonly digestFolder?: DigestFolder;
  readonly state: FileState;
  /** Milliseconds since the epoch: until then nobody but the claimant touches an open file. */
  readonly leaseUntil: number;
  readonly seal?: FileSeal;
}

/** The part of a digest file's key that stands before its account. */
export interface DigestFolder {
  readonly s3KeyPrefix?: string;
  readonly organizationId?: string;
}

/** What a digest will say of a file: known before the object is written, and never read back from it. */
export interface FileSeal {
  /** Hex SHA-256 of the uncompressed content. */
  readonly sha256: string;
  /** Milliseconds since the epoch. */
  readonly oldestEventTime: number;
  readonly newestEventTime: number;
  readonly records: number;
}

/** One part to be claimed for a file. */
export interface PartClaim {
  readonly partId: string;
  /** The void file that the part row names now; absent if the part has no row. */
  readonly insteadOf?: string;
}

/**
 * Which part is in which file, and how far each file has come. Each method is one step that either happens
 * whole or not at all, and sees every step that was answered before it.
 */
export interface Ledger {
  /** The files that parts were claimed for; a part that was never claimed is not in the answer. */
  filesOfParts(partIds: readonly string[]): Promise<ReadonlyMap<string, FileRow>>;
  /** Writes the row of a file in state `open`. */
  openFile(file: FileRow): Promise<void>;
  /** Claims for `fileId` those parts whose row still is as the claim says. Answers the ids of the parts won. */
  claimParts(fileId: string, claims: readonly PartClaim[]): Promise<ReadonlySet<string>>;
  /** Writes an open file's seal. False, and nothing written, if the file is not open any more. */
  sealFile(fileId: string, seal: FileSeal): Promise<boolean>;
  /** Open → settled. Nothing happens if the file is settled or has no row. */
  settleFile(fileId: string): Promise<void>;
  /** Open → void, with the seal of the empty object that stands in its place. */
  voidFile(fileId: string, seal: FileSeal): Promise<void>;
  /** Removes an open file that was certainly never written, and the claims of its parts. */
  releaseFile(fileId: string): Promise<void>;
  /** Open files whose lease ended at or before `now`, at most `limit`. */
  expiredFiles(now: number, limit: number): Promise<readonly FileRow[]>;
}
