import type { StatementSync } from "node:sqlite";
import type { SettingStore } from "../../ports/setting-store.ts";
import type { Database } from "./database.ts";

/** Settings in SQLite, a row each. */
export class LocalSettingStore implements SettingStore {
  readonly #database: Database;
  readonly #select: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#select = database.prepare("SELECT setting FROM settings WHERE key = ?");
    this.#put = database.prepare("INSERT OR REPLACE INTO settings (key, setting) VALUES (?, ?)");
    this.#delete = database.prepare("DELETE FROM settings WHERE key = ?");
  }

  async read(key: string): Promise<string | undefined> {
    return this.#read(key);
  }

  async replace(key: string, before: string | undefined, after: string | undefined): Promise<boolean> {
    return this.#database.transaction(() => {
      if (this.#read(key) !== before) return false;
      if (after === undefined) this.#delete.run(key);
      else this.#put.run(key, after);
      return true;
    });
  }

  #read(key: string): string | undefined {
    return (this.#select.get(key) as { setting: string } | undefined)?.setting;
  }
}
