import { DatabaseSync, type StatementSync } from "node:sqlite";
import { GroupCommit } from "./group-commit.ts";

/** The database was written by a later version of OpenTrail. */
export class DatabaseTooNew extends Error {
  override readonly name = "DatabaseTooNew";
}

/** How long the write-ahead log grows before it is put into the database file. */
const WAL_BYTES = 16 * 1024 * 1024;

/**
 * An SQLite database that this process alone uses. Its calls are synchronous, so a transaction is never
 * interleaved with another.
 */
export class Database {
  readonly #connection: DatabaseSync;
  /** For steps of tasks that run side by side. */
  readonly commits = new GroupCommit(this);
  #synchronous: "FULL" | "NORMAL" = "FULL";

  /**
   * Opens or makes the file and brings its schema up to date.
   * @param migrations one SQL script a schema version, oldest first
   * @param pageBytes of a file that is made: 4096 for small rows, more for large ones
   * @throws DatabaseTooNew if the file has had more migrations than there are
   */
  constructor(file: string, migrations: readonly string[], pageBytes = 4096) {
    this.#connection = new DatabaseSync(file, { enableForeignKeyConstraints: true });
    try {
      this.#connection.exec(`PRAGMA page_size = ${pageBytes}`);
      // The data folder is this process's alone: without locks and shared memory a transaction costs a third less.
      this.#connection.exec("PRAGMA locking_mode = EXCLUSIVE");
      this.#connection.exec("PRAGMA journal_mode = WAL");
      this.#connection.exec("PRAGMA synchronous = FULL");
      // A message is written and deleted again within seconds: with a longer log most never reach the database file.
      this.#connection.exec(`PRAGMA wal_autocheckpoint = ${Math.floor(WAL_BYTES / pageBytes)}`);
      this.#connection.exec("PRAGMA journal_size_limit = 67108864");
      this.#migrate(file, migrations);
    } catch (error) {
      this.#connection.close();
      throw error;
    }
  }

  prepare(sql: string): StatementSync {
    return this.#connection.prepare(sql);
  }

  /** Does the work in one transaction. When it returns, the work survives a loss of power; if it throws, nothing was done. */
  transaction<T>(work: () => T): T {
    return this.#run("FULL", work);
  }

  /**
   * As `transaction`, but a loss of power may undo it; the end of the process does not. Later transactions
   * are then undone as well: what survives is always a moment of the past. For work whose repetition is harmless.
   */
  relaxedTransaction<T>(work: () => T): T {
    return this.#run("NORMAL", work);
  }

  close(): void {
    this.#connection.close();
  }

  #run<T>(synchronous: "FULL" | "NORMAL", work: () => T): T {
    if (this.#synchronous !== synchronous) {
      this.#connection.exec(`PRAGMA synchronous = ${synchronous}`);
      this.#synchronous = synchronous;
    }
    this.#connection.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#connection.exec("COMMIT");
      return result;
    } catch (error) {
      // SQLite itself has rolled back after some errors, a full disk among them.
      if (this.#connection.isTransaction) {
        this.#connection.exec("ROLLBACK");
      }
      throw error;
    }
  }

  #migrate(file: string, migrations: readonly string[]): void {
    const { user_version: version } = this.#connection.prepare("PRAGMA user_version").get() as {
      user_version: number;
    };
    if (version > migrations.length) {
      throw new DatabaseTooNew(
        `${file} has schema version ${version}; this OpenTrail knows versions up to ${migrations.length}.`,
      );
    }
    for (const [index, migration] of migrations.entries()) {
      if (index >= version) {
        this.transaction(() => {
          this.#connection.exec(migration);
          this.#connection.exec(`PRAGMA user_version = ${index + 1}`);
        });
      }
    }
  }
}
