import { hash, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { s3ErrorCode } from "../delivery/s3-status.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeliveryStatus } from "../ports/delivery-status.ts";
import type {
  DigestChain,
  DigestDestination,
  DigestLink,
  DigestRow,
  DigestStore,
  WaitingFiles,
} from "../ports/digest-store.ts";
import { BucketNotFound, ObjectExists, type ObjectStore } from "../ports/object-store.ts";
import type { SigningKeys } from "../ports/signing-keys.ts";
import type { Trail } from "../trail/trail.ts";
import type { ChainStep } from "./chain-step.ts";
import { composeDigest, digestSettings, signedText } from "./digest-file.ts";
import { BACKFILL_SUFFIX, digestKey } from "./digest-key.ts";

/** What writing a digest needs. */
export interface DigestWriterPorts {
  readonly digests: DigestStore;
  readonly objects: ObjectStore;
  readonly keys: SigningKeys;
  readonly status: DeliveryStatus;
  readonly clock: Clock;
}

/** How far a chain has come, and what was delivered on the way. */
export interface DigestProgress {
  readonly chain: DigestChain;
  readonly delivered: number;
  readonly backfills: number;
}

type Slot = "latest" | "latestBackfill";

type DueStep = Extract<ChainStep, { readonly kind: "digest" | "last-digest" | "backfill" }>;

/** Something else stands under a digest's key. */
class KeyTaken extends Error {
  override readonly name = "KeyTaken";
}

const SECOND = 1_000;

const compress = promisify<Buffer, Buffer>(gzip);

/** Takes digests from their rows to their objects, one step after the other. */
export class DigestWriter {
  readonly #ports: DigestWriterPorts;

  constructor(ports: DigestWriterPorts) {
    this.#ports = ports;
  }

  /** Delivers the digests that were begun, by this worker or by one that is gone. @throws what the ports throw */
  async finish(chain: DigestChain, trail: Trail | undefined): Promise<DigestProgress> {
    let progress: DigestProgress = { chain, delivered: 0, backfills: 0 };
    for (const slot of ["latest", "latestBackfill"] as const) {
      const row = progress.chain[slot];
      if (row !== undefined && row.state !== "delivered") {
        progress = await this.#finishSlot(progress, slot, row, trail);
      }
    }
    return progress;
  }

  /** Begins the digest that is due, and delivers it. @throws what the ports throw */
  async make(
    { kind, chain }: DueStep,
    trail: Trail | undefined,
    waiting: WaitingFiles | undefined,
  ): Promise<DigestProgress> {
    const destination = destinationFor(chain, trail, waiting);
    const slot: Slot = kind === "backfill" ? "latestBackfill" : "latest";
    const now = this.#ports.clock.now();
    const row =
      kind === "backfill" ? newBackfill(chain, destination, now) : newDigest(chain, destination, now);
    const { run, endingSince, ...rest } = chain;
    const begun = await this.#ports.digests.putChain({
      ...rest,
      destination,
      // With the last digest's row the run is over: the next digest, if ever there is one, starts a new run.
      ...(kind === "digest" && run !== undefined && { run }),
      ...(kind === "digest" && endingSince !== undefined && { endingSince }),
      [slot]: row,
    });
    return this.#deliver({ chain: begun, delivered: 0, backfills: 0 }, slot, row, trail);
  }

  /** Takes over a digest that was begun: files may be added only after its row was written by this worker. */
  async #finishSlot(
    progress: DigestProgress,
    slot: Slot,
    row: DigestRow,
    trail: Trail | undefined,
  ): Promise<DigestProgress> {
    if (row.state === "sealed") {
      return this.#deliver(progress, slot, row, trail);
    }
    const renewed = this.#renew(progress.chain, row, trail);
    const chain = await this.#ports.digests.putChain({ ...progress.chain, [slot]: renewed });
    return this.#deliver({ ...progress, chain }, slot, renewed, trail);
  }

  async #deliver(
    progress: DigestProgress,
    slot: Slot,
    row: DigestRow,
    trail: Trail | undefined,
  ): Promise<DigestProgress> {
    const { digests, status, clock } = this.#ports;
    const sealed = row.state === "sealed" ? progress.chain : await this.#seal(progress.chain, slot, row);
    const sealedRow = sealed[slot] ?? row;
    try {
      await this.#put(sealed, sealedRow);
    } catch (error) {
      await this.#report(trail, error);
      if (error instanceof KeyTaken || error instanceof BucketNotFound) {
        // It is certainly not in the bucket: it may be made anew, at a later time or in another bucket.
        const { fingerprint: _f, sha256: _h, signature: _s, ...draft } = sealedRow;
        await digests.putChain({ ...sealed, [slot]: { ...draft, state: "drafting" } });
      }
      throw error;
    }
    const delivered = await digests.putChain({ ...sealed, [slot]: { ...sealedRow, state: "delivered" } });
    if (trail) {
      await status.report(trail.trailArn, "digest", clock.now()).catch(() => undefined);
    }
    return {
      chain: delivered,
      delivered: progress.delivered + (slot === "latest" ? 1 : 0),
      backfills: progress.backfills + (slot === "latest" ? 0 : 1),
    };
  }

  async #seal(chain: DigestChain, slot: Slot, row: DigestRow): Promise<DigestChain> {
    const { digests, keys } = this.#ports;
    await digests.takeFiles(chain, row.id);
    const files = await digests.filesOf(chain, row.id);
    const key = await keys.current(chain.awsRegion);
    const content = composeDigest(chain, row, key.fingerprint, files);
    const signature = await keys.sign(key, signedText(contentOf(content), content));
    return digests.putChain({
      ...chain,
      [slot]: {
        ...row,
        state: "sealed",
        fingerprint: key.fingerprint,
        sha256: hash("sha256", content, "hex"),
        signature: signature.toString("hex"),
      } satisfies DigestRow,
    });
  }

  /** Puts the object of a sealed digest, unless it is there. @throws KeyTaken, and what the store throws */
  async #put(chain: DigestChain, row: DigestRow): Promise<void> {
    const { digests, objects } = this.#ports;
    const { fingerprint = "", signature = "" } = row;
    const content = composeDigest(chain, row, fingerprint, await digests.filesOf(chain, row.id));
    if (hash("sha256", content, "hex") !== row.sha256) {
      throw new Error(`The files of digest ${row.key} are not those that it was signed with`);
    }
    try {
      await objects.putNew(row.bucket, row.key, await compress(content), digestSettings(row, signature));
    } catch (error) {
      if (!(error instanceof ObjectExists)) {
        throw error;
      }
      const head = await objects.head(row.bucket, row.key);
      if (head?.metadata.signature !== signature) {
        throw new KeyTaken(`Another object stands under ${row.bucket}/${row.key}`, { cause: error });
      }
    }
  }

  /** The digest as it is begun anew: it ends now, and goes to where the trail delivers now. */
  #renew(chain: DigestChain, row: DigestRow, trail: Trail | undefined): DigestRow {
    const destination = destinationFor(chain, trail, undefined);
    const endTime =
      row.backfillTime === undefined
        ? Math.max(wholeSecond(this.#ports.clock.now()), row.endTime + SECOND)
        : row.endTime + SECOND;
    const { kmsKeyId: _, ...rest } = row;
    return { ...rest, ...placeOf(chain, destination, endTime, row.backfillTime !== undefined) };
  }

  async #report(trail: Trail | undefined, error: unknown): Promise<void> {
    const { status, clock } = this.#ports;
    if (trail) {
      await status.report(trail.trailArn, "digest", clock.now(), s3ErrorCode(error)).catch(() => undefined);
    }
  }
}

function newDigest(chain: DigestChain, destination: DigestDestination, now: number): DigestRow {
  const { latest, run = 0 } = chain;
  const linked = latest?.run === run ? latest : undefined;
  const startTime = linked?.endTime ?? wholeSecond(Math.max(run || chain.since, latest?.endTime ?? 0));
  const endTime = Math.max(wholeSecond(now), startTime + SECOND);
  return {
    id: randomUUID(),
    state: "drafting",
    startTime,
    run,
    ...placeOf(chain, destination, endTime, false),
    ...(linked && { previous: linkTo(linked) }),
  };
}

/** A backfill digest is of the last closed interval; each has a name of its own. */
function newBackfill(chain: DigestChain, destination: DigestDestination, now: number): DigestRow {
  const { latest, latestBackfill } = chain;
  const closed = latest?.endTime ?? wholeSecond(now);
  const endTime = Math.max(closed, (latestBackfill?.endTime ?? 0) + SECOND);
  return {
    id: randomUUID(),
    state: "drafting",
    startTime: latest?.startTime ?? closed - SECOND,
    run: latest?.run ?? 0,
    backfillTime: wholeSecond(now),
    ...placeOf(chain, destination, endTime, true),
    ...(latestBackfill && { previous: linkTo(latestBackfill) }),
  };
}

function placeOf(
  chain: DigestChain,
  destination: DigestDestination,
  endTime: number,
  isBackfill: boolean,
): Pick<DigestRow, "bucket" | "key" | "endTime" | "kmsKeyId"> {
  return {
    endTime,
    bucket: destination.s3BucketName,
    key: digestKey(destination, chain, endTime, isBackfill ? BACKFILL_SUFFIX : ""),
    ...(destination.kmsKeyId !== undefined && { kmsKeyId: destination.kmsKeyId }),
  };
}

function linkTo({ bucket, key, sha256 = "", signature = "" }: DigestRow): DigestLink {
  return { bucket, key, sha256, signature };
}

/** Where the trail delivers now; a trail that is gone, where it delivered last. */
function destinationFor(
  chain: DigestChain,
  trail: Trail | undefined,
  waiting: WaitingFiles | undefined,
): DigestDestination {
  if (trail === undefined) {
    return waiting?.destination ?? chain.destination;
  }
  const { s3BucketName, s3KeyPrefix, organizationId, kmsKeyId } = trail;
  return {
    s3BucketName,
    ...(s3KeyPrefix !== undefined && { s3KeyPrefix }),
    ...(organizationId !== undefined && { organizationId }),
    ...(kmsKeyId !== undefined && { kmsKeyId }),
  };
}

function contentOf(content: Buffer): Parameters<typeof signedText>[0] {
  return JSON.parse(content.toString()) as Parameters<typeof signedText>[0];
}

function wholeSecond(time: number): number {
  return time - (time % SECOND);
}
