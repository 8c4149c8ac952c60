import type { StatementSync } from "node:sqlite";
import type { Clock } from "../../ports/clock.ts";
import type { ImportClaim, ImportLease, ImportProgress, ImportStore } from "../../ports/import-store.ts";
import type { Database } from "./database.ts";

interface ImportRow {
  readonly owner: string;
  readonly lease_until: number;
  readonly records: number;
  readonly refused: number;
  readonly is_complete: number;
}

const NOTHING: ImportProgress = { records: 0, refused: 0, isComplete: false };

/** Imports in SQLite, a row a file. What is remembered no longer goes with the next file that is claimed. */
export class LocalImportStore implements ImportStore {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #memoryMs: number;
  readonly #select: StatementSync;
  readonly #put: StatementSync;
  readonly #forget: StatementSync;

  /** @param memoryMs how long after its last note a file is remembered */
  constructor(database: Database, clock: Clock, memoryMs: number) {
    this.#database = database;
    this.#clock = clock;
    this.#memoryMs = memoryMs;
    this.#select = database.prepare("SELECT * FROM imports WHERE file = ? AND expires_at > ?");
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO imports (file, owner, lease_until, records, refused, is_complete, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#forget = database.prepare("DELETE FROM imports WHERE expires_at <= ?");
  }

  async claim(file: string, lease: ImportLease): Promise<ImportClaim> {
    return this.#database.relaxedTransaction(() => {
      const now = this.#clock.now();
      this.#forget.run(now);
      const known = this.#known(file);
      const progress = known === undefined ? NOTHING : progressOf(known);
      if (progress.isComplete) return { outcome: "imported", progress };
      if (known !== undefined && known.owner !== lease.owner && known.lease_until > now) {
        return { outcome: "busy", until: known.lease_until };
      }
      this.#write(file, lease, progress);
      return { outcome: "claimed", progress };
    });
  }

  async note(file: string, lease: ImportLease, progress: ImportProgress): Promise<boolean> {
    // A loss of power may undo it, as may the end of the process right before it: the part then comes again.
    return this.#database.relaxedTransaction(() => {
      if (this.#known(file)?.owner !== lease.owner) return false;
      this.#write(file, lease, progress);
      return true;
    });
  }

  async read(file: string): Promise<ImportProgress | undefined> {
    const known = this.#known(file);
    return known && progressOf(known);
  }

  #known(file: string): ImportRow | undefined {
    return this.#select.get(file, this.#clock.now()) as ImportRow | undefined;
  }

  #write(
    file: string,
    { owner, until }: ImportLease,
    { records, refused, isComplete }: ImportProgress,
  ): void {
    const expiresAt = this.#clock.now() + this.#memoryMs;
    this.#put.run(file, owner, until, records, refused, isComplete ? 1 : 0, expiresAt);
  }
}

function progressOf({ records, refused, is_complete }: ImportRow): ImportProgress {
  return { records, refused, isComplete: is_complete === 1 };
}
