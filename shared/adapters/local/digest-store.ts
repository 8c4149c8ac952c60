import type { StatementSync } from "node:sqlite";
import {
  ConcurrentDigest,
  chainName,
  type DigestChain,
  type DigestChainId,
  type DigestedFile,
  type DigestStore,
  type WaitingFiles,
} from "../../ports/digest-store.ts";
import type { DigestFolder } from "../../ports/ledger.ts";
import type { Database } from "./database.ts";

/** Chains of digests in SQLite, beside the files of the ledger. Every step waits for the disk. */
export class LocalDigestStore implements DigestStore {
  readonly #database: Database;
  readonly #waiting: StatementSync;
  readonly #newest: StatementSync;
  readonly #chains: StatementSync;
  readonly #version: StatementSync;
  readonly #put: StatementSync;
  readonly #take: StatementSync;
  readonly #filesOf: StatementSync;
  readonly #old: StatementSync;
  readonly #forgetParts: StatementSync;
  readonly #forget: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#waiting = database.prepare(
      `SELECT trail_arn, recipient_account_id, aws_region, max(id) AS id,
         sum(state = 'open') AS open, sum(state <> 'open') AS ready
       FROM files INDEXED BY undigested_files WHERE digest_folder IS NOT NULL AND digest_id IS NULL
       GROUP BY trail_arn, recipient_account_id, aws_region`,
    );
    this.#newest = database.prepare("SELECT bucket, kms_key_id, digest_folder FROM files WHERE id = ?");
    this.#chains = database.prepare("SELECT chain FROM digest_chains ORDER BY name");
    this.#version = database.prepare("SELECT version FROM digest_chains WHERE name = ?");
    this.#put = database.prepare(
      `INSERT INTO digest_chains (name, version, chain) VALUES (?, ?, ?)
       ON CONFLICT (name) DO UPDATE SET version = excluded.version, chain = excluded.chain`,
    );
    this.#take = database.prepare(
      `UPDATE files SET digest_id = ? WHERE trail_arn = ? AND recipient_account_id = ? AND aws_region = ?
         AND state <> 'open' AND digest_folder IS NOT NULL AND digest_id IS NULL`,
    );
    this.#filesOf = database.prepare(
      `SELECT bucket, key, sha256, oldest_event_time, newest_event_time, records FROM files
       WHERE digest_id = ? ORDER BY id`,
    );
    this.#old = database.prepare(
      `SELECT id FROM files WHERE first_lease_until < ? AND state <> 'open'
         AND (digest_folder IS NULL OR digest_id IS NOT NULL AND digest_id NOT IN (SELECT value FROM json_each(?))) LIMIT 1000`,
    );
    this.#forgetParts = database.prepare("DELETE FROM parts WHERE file_id = ?");
    this.#forget = database.prepare("DELETE FROM files WHERE id = ?");
  }

  async waitingFiles(): Promise<readonly WaitingFiles[]> {
    return (this.#waiting.all() as unknown as readonly WaitingRow[]).map((row) => {
      const file = this.#newest.get(row.id) as unknown as FolderRow;
      return {
        trailArn: row.trail_arn,
        recipientAccountId: row.recipient_account_id,
        awsRegion: row.aws_region,
        destination: {
          s3BucketName: file.bucket,
          ...(JSON.parse(file.digest_folder) as DigestFolder),
          ...(file.kms_key_id !== null && { kmsKeyId: file.kms_key_id }),
        },
        open: row.open,
        ready: row.ready,
      };
    });
  }

  async chains(): Promise<readonly DigestChain[]> {
    return this.#readChains();
  }

  async putChain(chain: DigestChain): Promise<DigestChain> {
    return this.#database.transaction(() => {
      this.#check(chain);
      const next = { ...chain, version: chain.version + 1 };
      this.#put.run(chainName(chain), next.version, JSON.stringify(next));
      return next;
    });
  }

  async takeFiles(chain: DigestChain, digestId: string): Promise<void> {
    this.#database.transaction(() => {
      this.#check(chain);
      this.#take.run(digestId, chain.trailArn, chain.recipientAccountId, chain.awsRegion);
    });
  }

  async filesOf(_chain: DigestChainId, digestId: string): Promise<readonly DigestedFile[]> {
    return (this.#filesOf.all(digestId) as unknown as readonly FileRow[]).map((row) => ({
      bucket: row.bucket,
      key: row.key,
      seal: {
        sha256: row.sha256,
        oldestEventTime: row.oldest_event_time,
        newestEventTime: row.newest_event_time,
        records: row.records,
      },
    }));
  }

  async forgetFiles(before: number): Promise<number> {
    return this.#database.transaction(() => {
      const undelivered = this.#readChains().flatMap(({ latest, latestBackfill }) =>
        [latest, latestBackfill].flatMap((digest) =>
          digest && digest.state !== "delivered" ? [digest.id] : [],
        ),
      );
      const old = this.#old.all(before, JSON.stringify(undelivered)) as unknown as readonly { id: string }[];
      for (const { id } of old) {
        this.#forgetParts.run(id);
        this.#forget.run(id);
      }
      return old.length;
    });
  }

  #readChains(): readonly DigestChain[] {
    const rows = this.#chains.all() as unknown as readonly { readonly chain: string }[];
    return rows.map(({ chain }) => JSON.parse(chain) as DigestChain);
  }

  #check(chain: DigestChain): void {
    const row = this.#version.get(chainName(chain)) as { readonly version: number } | undefined;
    if ((row?.version ?? 0) !== chain.version) {
      throw new ConcurrentDigest(`The digests of ${chainName(chain)} are not at version ${chain.version}`);
    }
  }
}

interface WaitingRow {
  readonly id: string;
  readonly trail_arn: string;
  readonly recipient_account_id: string;
  readonly aws_region: string;
  readonly open: number;
  readonly ready: number;
}

interface FolderRow {
  readonly bucket: string;
  readonly kms_key_id: string | null;
  readonly digest_folder: string;
}

interface FileRow {
  readonly bucket: string;
  readonly key: string;
  readonly sha256: string;
  readonly oldest_event_time: number;
  readonly newest_event_time: number;
  readonly records: number;
}
