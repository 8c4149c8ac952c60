import {
  ConcurrentDigest,
  chainName,
  type DigestChain,
  type DigestChainId,
  type DigestedFile,
  type DigestStore,
  type WaitingFiles,
} from "../../ports/digest-store.ts";
import type { FileRow } from "../../ports/ledger.ts";
import type { MemoryLedger } from "./ledger.ts";

/** Chains of digests that live as long as the process, over the files of a ledger that does. */
export class MemoryDigestStore implements DigestStore {
  readonly #ledger: MemoryLedger;
  readonly #chains = new Map<string, DigestChain>();
  /** File id → id of the digest that has taken it. */
  readonly #digests = new Map<string, string>();

  constructor(ledger: MemoryLedger) {
    this.#ledger = ledger;
  }

  async waitingFiles(): Promise<readonly WaitingFiles[]> {
    const byChain = Map.groupBy(
      this.#ledger.files.filter((file) => this.#isWaiting(file)),
      chainName,
    );
    return [...byChain.values()].map((files) => {
      const newest = files.at(-1) as FileRow;
      const open = files.filter(({ state }) => state === "open").length;
      return {
        trailArn: newest.trailArn,
        recipientAccountId: newest.recipientAccountId,
        awsRegion: newest.awsRegion,
        destination: {
          s3BucketName: newest.bucket,
          ...newest.digestFolder,
          ...(newest.kmsKeyId !== undefined && { kmsKeyId: newest.kmsKeyId }),
        },
        open,
        ready: files.length - open,
      };
    });
  }

  async chains(): Promise<readonly DigestChain[]> {
    return [...this.#chains.values()];
  }

  async putChain(chain: DigestChain): Promise<DigestChain> {
    this.#check(chain);
    const next = { ...chain, version: chain.version + 1 };
    this.#chains.set(chainName(chain), next);
    return next;
  }

  async takeFiles(chain: DigestChain, digestId: string): Promise<void> {
    this.#check(chain);
    for (const file of this.#ledger.files) {
      if (this.#isWaiting(file) && file.state !== "open" && chainName(file) === chainName(chain)) {
        this.#digests.set(file.id, digestId);
      }
    }
  }

  async filesOf(_chain: DigestChainId, digestId: string): Promise<readonly DigestedFile[]> {
    return this.#ledger.files
      .filter(({ id }) => this.#digests.get(id) === digestId)
      .flatMap(({ bucket, key, seal }) => (seal ? [{ bucket, key, seal }] : []))
      .sort((one, other) => (`${one.bucket}/${one.key}` < `${other.bucket}/${other.key}` ? -1 : 1));
  }

  async forgetFiles(before: number): Promise<number> {
    const undelivered = new Set(
      [...this.#chains.values()].flatMap(({ latest, latestBackfill }) =>
        [latest, latestBackfill].flatMap((digest) =>
          digest && digest.state !== "delivered" ? [digest.id] : [],
        ),
      ),
    );
    const old = this.#ledger.files.filter(
      (file) =>
        file.state !== "open" &&
        file.leaseUntil < before &&
        !this.#isWaiting(file) &&
        !undelivered.has(this.#digests.get(file.id) ?? ""),
    );
    for (const { id } of old) {
      this.#ledger.forget(id);
      this.#digests.delete(id);
    }
    return old.length;
  }

  #isWaiting({ id, digestFolder }: FileRow): boolean {
    return digestFolder !== undefined && !this.#digests.has(id);
  }

  #check(chain: DigestChain): void {
    if ((this.#chains.get(chainName(chain))?.version ?? 0) !== chain.version) {
      throw new ConcurrentDigest(`The digests of ${chainName(chain)} are not at version ${chain.version}`);
    }
  }
}
