import type { StatementSync } from "node:sqlite";
import type { RecordKind } from "../../event/record.ts";
import type { DigestFolder, FileRow, FileSeal, FileState, Ledger, PartClaim } from "../../ports/ledger.ts";
import type { Database } from "./database.ts";

const COLUMNS = `files.id AS id, bucket, key, trail_arn, recipient_account_id, aws_region, kind, kms_key_id,
  sns_topic_arn, digest_folder, state, lease_until, sha256, oldest_event_time, newest_event_time, records`;

/**
 * The ledger in SQLite. Steps of files that are in the making together share their commits. Claims and seals wait for the disk, since an object is written on their word. The other
 * steps do not: after a loss of power the lease of a file that is open again ends, and it is found out from its
 * object how far it had come.
 */
export class LocalLedger implements Ledger {
  readonly #database: Database;
  readonly #fileOfPart: StatementSync;
  readonly #open: StatementSync;
  readonly #addPart: StatementSync;
  readonly #movePart: StatementSync;
  readonly #seal: StatementSync;
  readonly #setState: StatementSync;
  readonly #releaseParts: StatementSync;
  readonly #release: StatementSync;
  readonly #expired: StatementSync;
  readonly #endLeases: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#fileOfPart = database.prepare(
      `SELECT ${COLUMNS} FROM parts JOIN files ON files.id = parts.file_id WHERE parts.id = ?`,
    );
    this.#open = database.prepare(
      `INSERT INTO files (id, bucket, key, trail_arn, recipient_account_id, aws_region, kind, kms_key_id,
         sns_topic_arn, digest_folder, state, lease_until, first_lease_until)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', ?, ?)`,
    );
    this.#addPart = database.prepare("INSERT OR IGNORE INTO parts (id, file_id) VALUES (?, ?)");
    this.#movePart = database.prepare("UPDATE parts SET file_id = ? WHERE id = ? AND file_id = ?");
    this.#seal = database.prepare(
      `UPDATE files SET sha256 = ?, oldest_event_time = ?, newest_event_time = ?, records = ?
       WHERE id = ? AND state = 'open'`,
    );
    this.#setState = database.prepare("UPDATE files SET state = ? WHERE id = ? AND state = 'open'");
    this.#releaseParts = database.prepare(
      "DELETE FROM parts WHERE file_id = (SELECT id FROM files WHERE id = ? AND state = 'open')",
    );
    this.#release = database.prepare("DELETE FROM files WHERE id = ? AND state = 'open'");
    this.#expired = database.prepare(
      `SELECT ${COLUMNS} FROM files WHERE state = 'open' AND lease_until <= ? ORDER BY lease_until LIMIT ?`,
    );
    this.#endLeases = database.prepare("UPDATE files SET lease_until = 0 WHERE state = 'open'");
  }

  async filesOfParts(partIds: readonly string[]): Promise<ReadonlyMap<string, FileRow>> {
    const files = new Map<string, FileRow>();
    for (const partId of partIds) {
      const row = this.#fileOfPart.get(partId) as SqlRow | undefined;
      if (row) {
        files.set(partId, fileRow(row));
      }
    }
    return files;
  }

  async openFile(file: FileRow): Promise<void> {
    await this.#database.commits.relaxedTransaction(() =>
      this.#open.run(
        file.id,
        file.bucket,
        file.key,
        file.trailArn,
        file.recipientAccountId,
        file.awsRegion,
        file.kind,
        file.kmsKeyId ?? null,
        file.snsTopicArn ?? null,
        file.digestFolder ? JSON.stringify(file.digestFolder) : null,
        file.leaseUntil,
        file.leaseUntil,
      ),
    );
  }

  async claimParts(fileId: string, claims: readonly PartClaim[]): Promise<ReadonlySet<string>> {
    return this.#database.commits.transaction(() => {
      const won = claims.filter(({ partId, insteadOf }) => {
        const { changes } =
          insteadOf === undefined
            ? this.#addPart.run(partId, fileId)
            : this.#movePart.run(fileId, partId, insteadOf);
        return changes > 0;
      });
      return new Set(won.map(({ partId }) => partId));
    });
  }

  async sealFile(fileId: string, seal: FileSeal): Promise<boolean> {
    return this.#database.commits.transaction(() => this.#writeSeal(fileId, seal));
  }

  async settleFile(fileId: string): Promise<void> {
    await this.#database.commits.relaxedTransaction(() => this.#setState.run("settled", fileId));
  }

  async voidFile(fileId: string, seal: FileSeal): Promise<void> {
    await this.#database.commits.transaction(() => {
      if (this.#writeSeal(fileId, seal)) {
        this.#setState.run("void", fileId);
      }
    });
  }

  async releaseFile(fileId: string): Promise<void> {
    await this.#database.commits.relaxedTransaction(() => {
      this.#releaseParts.run(fileId);
      this.#release.run(fileId);
    });
  }

  async expiredFiles(now: number, limit: number): Promise<readonly FileRow[]> {
    return (this.#expired.all(now, limit) as unknown as readonly SqlRow[]).map(fileRow);
  }

  /** Ends the leases of all open files. For the start of the process: whoever held them is gone. */
  endLeases(): void {
    this.#database.transaction(() => this.#endLeases.run());
  }

  #writeSeal(fileId: string, seal: FileSeal): boolean {
    const { changes } = this.#seal.run(
      seal.sha256,
      seal.oldestEventTime,
      seal.newestEventTime,
      seal.records,
      fileId,
    );
    return changes > 0;
  }
}

interface SqlRow {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly trail_arn: string;
  readonly recipient_account_id: string;
  readonly aws_region: string;
  readonly kind: RecordKind;
  readonly kms_key_id: string | null;
  readonly sns_topic_arn: string | null;
  readonly digest_folder: string | null;
  readonly state: FileState;
  readonly lease_until: number;
  readonly sha256: string | null;
  readonly oldest_event_time: number;
  readonly newest_event_time: number;
  readonly records: number;
}

function fileRow(row: SqlRow): FileRow {
  return {
    id: row.id,
    bucket: row.bucket,
    key: row.key,
    trailArn: row.trail_arn,
    recipientAccountId: row.recipient_account_id,
    awsRegion: row.aws_region,
    kind: row.kind,
    ...(row.kms_key_id !== null && { kmsKeyId: row.kms_key_id }),
    ...(row.sns_topic_arn !== null && { snsTopicArn: row.sns_topic_arn }),
    ...(row.digest_folder !== null && { digestFolder: JSON.parse(row.digest_folder) as DigestFolder }),
    state: row.state,
    leaseUntil: row.lease_until,
    ...(row.sha256 !== null && {
      seal: {
        sha256: row.sha256,
        oldestEventTime: row.oldest_event_time,
        newestEventTime: row.newest_event_time,
        records: row.records,
      },
    }),
  };
}
