import path from "node:path";
import type { StatementSync } from "node:sqlite";
import type { RuleScope, RuleStore } from "../../ports/rule-store.ts";
import type { Rule } from "../../rule/rule.ts";
import { Database } from "./database.ts";

/** The schema of `rules.db`, one script a version. A released script is never changed: a change is a new one. */
const RULES_SCHEMA: readonly string[] = [
  `
  CREATE TABLE rules (
    account_id TEXT NOT NULL,
    region TEXT NOT NULL,
    name TEXT NOT NULL,
    rule TEXT NOT NULL,
    PRIMARY KEY (account_id, region, name)
  ) STRICT, WITHOUT ROWID;
  `,
];

/** Rules in SQLite, in the file `rules.db` of the data folder, which must be locked to this process. */
export class LocalRuleStore implements RuleStore {
  readonly #database: Database;
  readonly #list: StatementSync;
  readonly #get: StatementSync;
  readonly #put: StatementSync;
  readonly #delete: StatementSync;
  #version = 0;

  /** @param folder the data folder's path */
  constructor(folder: string) {
    this.#database = new Database(path.join(folder, "rules.db"), RULES_SCHEMA);
    this.#list = this.#database.prepare(
      "SELECT rule FROM rules WHERE account_id = ? AND region = ? ORDER BY name",
    );
    this.#get = this.#database.prepare(
      "SELECT rule FROM rules WHERE account_id = ? AND region = ? AND name = ?",
    );
    this.#put = this.#database.prepare(
      "INSERT OR REPLACE INTO rules (account_id, region, name, rule) VALUES (?, ?, ?, ?)",
    );
    this.#delete = this.#database.prepare(
      "DELETE FROM rules WHERE account_id = ? AND region = ? AND name = ?",
    );
  }

  get version(): number {
    return this.#version;
  }

  async list({ accountId, region }: RuleScope): Promise<readonly Rule[]> {
    return (this.#list.all(accountId, region) as unknown as readonly Row[]).map(ruleOf);
  }

  async change(
    { accountId, region }: RuleScope,
    name: string,
    change: (current: Rule | undefined) => Rule | undefined,
  ): Promise<void> {
    this.#database.transaction(() => {
      const row = this.#get.get(accountId, region, name) as Row | undefined;
      const changed = change(row && ruleOf(row));
      if (changed === undefined) {
        this.#delete.run(accountId, region, name);
      } else {
        this.#put.run(accountId, region, name, JSON.stringify(changed));
      }
    });
    this.#version += 1;
  }

  close(): void {
    this.#database.close();
  }
}

interface Row {
  readonly rule: string;
}

function ruleOf({ rule }: Row): Rule {
  return JSON.parse(rule) as Rule;
}
