import type { StatementSync } from "node:sqlite";
import type { ConditionalRow, KeyRange, NewRow, OrderedStore, StoredRow } from "../../ports/ordered-store.ts";
import { bufferOf } from "./blob.ts";
import type { Database } from "./database.ts";

/** A space and a key are one rowid: SQLite stores and finds rows by integers best. */
const ROW_ID = "((?1 << 44) | ?2)";

/** The schema of `history.db`, one script a version. A released script is never changed: a change is a new one. */
export const ORDERED_STORE_SCHEMA: readonly string[] = [
  `
  CREATE TABLE spaces (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE) STRICT;
  -- The id is the space's, shifted by 44 bits, and the key.
  CREATE TABLE rows (id INTEGER PRIMARY KEY, value BLOB NOT NULL) STRICT;
  CREATE TABLE counters (id INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT;
  `,
];

/** A rowid has 63 bits, 44 of them are the key's. */
const MOST_SPACES = 2 ** 19 - 1;

/** An ordered store in an SQLite database of its own. Rows do not expire by themselves. */
export class LocalOrderedStore implements OrderedStore {
  readonly #database: Database;
  readonly #spaces = new Map<string, number>();
  readonly #findSpace: StatementSync;
  readonly #addSpace: StatementSync;
  readonly #get: StatementSync;
  readonly #ascending: StatementSync;
  readonly #descending: StatementSync;
  readonly #put: StatementSync;
  readonly #increment: StatementSync;
  readonly #delete: StatementSync;

  constructor(database: Database) {
    this.#database = database;
    this.#findSpace = database.prepare("SELECT id FROM spaces WHERE name = ?");
    this.#addSpace = database.prepare("INSERT INTO spaces (name) VALUES (?) RETURNING id");
    this.#get = database.prepare(`SELECT value FROM rows WHERE id = ${ROW_ID}`);
    const range = `SELECT id & 0xFFFFFFFFFFF AS key, value FROM rows
      WHERE id BETWEEN ${ROW_ID} AND ((?1 << 44) | ?3) ORDER BY id`;
    this.#ascending = database.prepare(`${range} LIMIT ?4`);
    this.#descending = database.prepare(`${range} DESC LIMIT ?4`);
    this.#put = database.prepare(
      `INSERT INTO rows (id, value) VALUES (${ROW_ID}, ?3) ON CONFLICT (id) DO UPDATE SET value = excluded.value`,
    );
    this.#increment = database.prepare(
      `INSERT INTO counters (id, value) VALUES (${ROW_ID}, ?3)
       ON CONFLICT (id) DO UPDATE SET value = value + excluded.value RETURNING value`,
    );
    this.#delete = database.prepare(`DELETE FROM rows WHERE id BETWEEN ${ROW_ID} AND ((?1 << 44) | ?3)`);
  }

  async get(space: string, key: number): Promise<Buffer | undefined> {
    const id = this.#known(space);
    return id === undefined ? undefined : this.#read(id, key);
  }

  async getMany(space: string, keys: readonly number[]): Promise<ReadonlyMap<number, Buffer>> {
    const rows = new Map<number, Buffer>();
    const id = this.#known(space);
    for (const key of id === undefined ? [] : keys) {
      const value = this.#read(id as number, key);
      if (value !== undefined) {
        rows.set(key, value);
      }
    }
    return rows;
  }

  async range(space: string, { from, to, reverse = false, limit }: KeyRange): Promise<readonly StoredRow[]> {
    const id = this.#known(space);
    if (id === undefined) {
      return [];
    }
    const statement = reverse ? this.#descending : this.#ascending;
    const rows = statement.all(id, from, to, limit ?? -1) as unknown as readonly {
      readonly key: number;
      readonly value: Uint8Array;
    }[];
    return rows.map(({ key, value }) => ({ space, key, value: bufferOf(value) }));
  }

  async stage(rows: readonly NewRow[]): Promise<void> {
    this.#relaxed(() => this.#write(rows));
  }

  async commit(rows: readonly NewRow[], last: NewRow | ConditionalRow): Promise<boolean> {
    return this.#forgetfully(() => this.#database.transaction(() => this.#commitNow(rows, last)));
  }

  async increment(space: string, key: number, by: number): Promise<number> {
    return this.#relaxed(() => {
      const { value } = this.#increment.get(this.#made(space), key, by) as { readonly value: number };
      return value;
    });
  }

  async delete(space: string, keys: readonly number[]): Promise<void> {
    const id = this.#known(space);
    if (id !== undefined && keys.length > 0) {
      this.#relaxed(() => {
        for (const key of keys) {
          this.#delete.run(id, key, key);
        }
      });
    }
  }

  async discard(space: string, { from, to }: KeyRange): Promise<void> {
    const id = this.#known(space);
    if (id !== undefined) {
      this.#relaxed(() => this.#delete.run(id, from, to));
    }
  }

  #commitNow(rows: readonly NewRow[], last: NewRow | ConditionalRow): boolean {
    if ("expected" in last) {
      const there = this.#read(this.#made(last.space), last.key);
      const { expected } = last;
      if (expected === undefined ? there !== undefined : there?.equals(expected) !== true) {
        return false;
      }
    }
    this.#write([...rows, last]);
    return true;
  }

  #relaxed<T>(work: () => T): T {
    return this.#forgetfully(() => this.#database.relaxedTransaction(work));
  }

  /** Spaces that a transaction made are gone when it is undone. */
  #forgetfully<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      this.#spaces.clear();
      throw error;
    }
  }

  #read(space: number, key: number): Buffer | undefined {
    const row = this.#get.get(space, key) as { readonly value: Uint8Array } | undefined;
    return row && bufferOf(row.value);
  }

  #write(rows: readonly NewRow[]): void {
    for (const { space, key, value } of rows) {
      this.#put.run(this.#made(space), key, value);
    }
  }

  #known(name: string): number | undefined {
    const known = this.#spaces.get(name);
    if (known !== undefined) {
      return known;
    }
    const found = this.#findSpace.get(name) as { readonly id: number } | undefined;
    if (found !== undefined) {
      this.#spaces.set(name, found.id);
    }
    return found?.id;
  }

  #made(name: string): number {
    const known = this.#known(name);
    if (known !== undefined) {
      return known;
    }
    const { id } = this.#addSpace.get(name) as { readonly id: number };
    if (id > MOST_SPACES) {
      throw new Error(`The event history has ${MOST_SPACES} spaces already: there is no room for ${name}`);
    }
    return id;
  }
}
