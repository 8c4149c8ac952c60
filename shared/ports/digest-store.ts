import type { FileSeal } from "./ledger.ts";

/** The chain's version is not the one that the step rested on: another worker is ahead. Nothing was changed. */
export class ConcurrentDigest extends Error {
  override readonly name = "ConcurrentDigest";
}

/** A chain of digest files is of one trail, account and region. */
export interface DigestChainId {
  readonly trailArn: string;
  readonly recipientAccountId: string;
  readonly awsRegion: string;
}

/** Where digest files go. */
export interface DigestDestination {
  readonly s3BucketName: string;
  readonly s3KeyPrefix?: string;
  readonly organizationId?: string;
  readonly kmsKeyId?: string;
}

/** What the next digest file of the chain says of this one. */
export interface DigestLink {
  readonly bucket: string;
  readonly key: string;
  /** Hex SHA-256 of the uncompressed digest. */
  readonly sha256: string;
  /** Hex. */
  readonly signature: string;
}

/**
 * `drafting`: files are being taken for it. `sealed`: its content and signature are fixed, and its object may be
 * written. `delivered`: its object is in the bucket.
 */
export type DigestState = "drafting" | "sealed" | "delivered";

/** A digest file in the making or made. Times are ms since the epoch, of whole seconds. */
export interface DigestRow {
  /** Names the digest to the files that it takes. */
  readonly id: string;
  readonly state: DigestState;
  readonly bucket: string;
  readonly key: string;
  readonly kmsKeyId?: string;
  readonly startTime: number;
  readonly endTime: number;
  /** The run of digests that it belongs to: see `DigestChain.run`. */
  readonly run: number;
  /** Absent in a starting digest. */
  readonly previous?: DigestLink;
  /** Set in a backfill digest: when it was made. */
  readonly backfillTime?: number;
  /** Set from `sealed` on. */
  readonly fingerprint?: string;
  readonly sha256?: string;
  readonly signature?: string;
}

/** How far the digests of a chain have come. */
export interface DigestChain extends DigestChainId {
  /** One more with every step. */
  readonly version: number;
  /** Of the newest digest, for trails that are gone. */
  readonly destination: DigestDestination;
  /** Milliseconds since the epoch: when the chain was first seen, or its run began. */
  readonly since: number;
  /**
   * Milliseconds since the epoch: since when the trail has been logging with validation on. Digests of one run are
   * linked; absent once the run has had its last digest.
   */
  readonly run?: number;
  /** Milliseconds since the epoch: when it was seen that the run is over. */
  readonly endingSince?: number;
  readonly latest?: DigestRow;
  readonly latestBackfill?: DigestRow;
}

/** The files of a chain that no digest has taken yet. */
export interface WaitingFiles extends DigestChainId {
  /** Of the newest of them. */
  readonly destination: DigestDestination;
  readonly open: number;
  /** Settled or void: those that a digest can take. */
  readonly ready: number;
}

/** A file as its digest lists it. */
export interface DigestedFile {
  readonly bucket: string;
  readonly key: string;
  readonly seal: FileSeal;
}

/** The chains of digests, and which digest has taken which file of the ledger. Each method is one step. */
export interface DigestStore {
  /** The chains with files that no digest has taken. Files of trails without validation are never among them. */
  waitingFiles(): Promise<readonly WaitingFiles[]>;
  chains(): Promise<readonly DigestChain[]>;
  /**
   * Writes a chain whose version was `chain.version` (0: there was none), and answers it with its new version.
   * @throws ConcurrentDigest
   */
  putChain(chain: DigestChain): Promise<DigestChain>;
  /**
   * Gives the digest all settled and void files of the chain that no digest has. To be called with a chain whose
   * version the caller itself has written: nobody else then has that version, so that nobody adds a file later.
   * @throws ConcurrentDigest
   */
  takeFiles(chain: DigestChain, digestId: string): Promise<void>;
  /** The files that the digest was given, in the order of their names. */
  filesOf(chain: DigestChainId, digestId: string): Promise<readonly DigestedFile[]>;
  /**
   * Forgets settled and void files, and their parts, that were opened before a time and that no undelivered digest
   * is to list. @param before milliseconds since the epoch. Answers how many files it forgot.
   */
  forgetFiles(before: number): Promise<number>;
}

/** One text for a chain, for maps and items. */
export function chainName({ trailArn, recipientAccountId, awsRegion }: DigestChainId): string {
  return JSON.stringify([trailArn, recipientAccountId, awsRegion]);
}
