import type { StatementSync } from "node:sqlite";
import { ConcurrentTrailChange, type TrailStore } from "../../ports/trail-store.ts";
import type { Trail, TrailState } from "../../trail/trail.ts";
import type { Database } from "./database.ts";

/** Trails in SQLite: a row a trail, and one a account with the version of its trails. */
export class LocalTrailStore implements TrailStore {
  readonly #database: Database;
  readonly #version: StatementSync;
  readonly #raiseVersion: StatementSync;
  readonly #trails: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#version = database.prepare("SELECT version FROM trail_versions WHERE account_id = ?");
    this.#raiseVersion = database.prepare(
      `INSERT INTO trail_versions (account_id, version) VALUES (?, 1)
       ON CONFLICT (account_id) DO UPDATE SET version = version + 1`,
    );
    this.#trails = database.prepare("SELECT trail FROM trails WHERE account_id = ? ORDER BY trail_arn");
    this.#put = database.prepare(
      `INSERT INTO trails (account_id, trail_arn, trail) VALUES (?, ?, ?)
       ON CONFLICT (account_id, trail_arn) DO UPDATE SET trail = excluded.trail`,
    );
    this.#delete = database.prepare("DELETE FROM trails WHERE account_id = ? AND trail_arn = ?");
  }

  async version(accountId: string): Promise<number> {
    return this.#readVersion(accountId);
  }

  async read(accountId: string): Promise<TrailState> {
    const rows = this.#trails.all(accountId) as unknown as readonly { readonly trail: string }[];
    return {
      version: this.#readVersion(accountId),
      trails: rows.map(({ trail }) => JSON.parse(trail) as Trail),
    };
  }

  async put(trail: Trail, expectedVersion: number): Promise<void> {
    this.#change(trail.accountId, expectedVersion, () =>
      this.#put.run(trail.accountId, trail.trailArn, JSON.stringify(trail)),
    );
  }

  async delete(accountId: string, trailArn: string, expectedVersion: number): Promise<void> {
    this.#change(accountId, expectedVersion, () => this.#delete.run(accountId, trailArn));
  }

  #readVersion(accountId: string): number {
    const row = this.#version.get(accountId) as { version: number } | undefined;
    return row?.version ?? 0;
  }

  #change(accountId: string, expectedVersion: number, change: () => void): void {
    this.#database.transaction(() => {
      const version = this.#readVersion(accountId);
      if (version !== expectedVersion) {
        throw new ConcurrentTrailChange(
          `The trails of account ${accountId} have version ${version}, not ${expectedVersion}.`,
        );
      }
      change();
      this.#raiseVersion.run(accountId);
    });
  }
}
