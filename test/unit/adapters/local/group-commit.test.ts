import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Database } from "../../../../shared/adapters/local/database.ts";
import { GroupCommit } from "../../../../shared/adapters/local/group-commit.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const SCHEMA = `
  CREATE TABLE notes (text TEXT PRIMARY KEY) STRICT;
  CREATE TABLE replies (note TEXT NOT NULL REFERENCES notes (text) DEFERRABLE INITIALLY DEFERRED) STRICT;`;

describe("group commit", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let database: Database;
  let commits: GroupCommit;

  beforeEach(() => {
    folder = temporaryFolder();
    database = new Database(path.join(folder.path, "test.db"), [SCHEMA]);
    commits = new GroupCommit(database);
  });

  afterEach(() => {
    database.close();
    folder.remove();
  });

  const add = (text: string) => (): number =>
    Number(database.prepare("INSERT INTO notes (text) VALUES (?)").run(text).changes);
  const notes = (): readonly unknown[] =>
    database
      .prepare("SELECT text FROM notes ORDER BY rowid")
      .all()
      .map(({ text }) => text);

  it("steps that are asked for together share a transaction, and take effect in their order", async () => {
    const durable = vi.spyOn(database, "transaction");

    await Promise.all(["first", "second", "third"].map((text) => commits.transaction(add(text))));

    expect(durable).toHaveBeenCalledTimes(1);
    expect(notes()).toEqual(["first", "second", "third"]);
  });

  it("a group waits for the disk if one of its steps has to", async () => {
    const durable = vi.spyOn(database, "transaction");
    const relaxed = vi.spyOn(database, "relaxedTransaction");

    await Promise.all([commits.relaxedTransaction(add("a")), commits.relaxedTransaction(add("b"))]);
    await Promise.all([commits.relaxedTransaction(add("c")), commits.transaction(add("d"))]);

    expect([relaxed.mock.calls.length, durable.mock.calls.length]).toEqual([1, 1]);
  });

  it("a step whose commit fails is not answered as done, and the others of its group are", async () => {
    const reply = database.prepare("INSERT INTO replies (note) VALUES ('missing')");

    const outcomes = await Promise.allSettled([
      commits.transaction(add("first")),
      commits.transaction(() => reply.run()),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
    expect(notes()).toEqual(["first"]);
  });

  it("a step that fails takes no other step of its group with it", async () => {
    const outcomes = await Promise.allSettled([
      commits.transaction(add("one")),
      commits.transaction(add("one")),
      commits.relaxedTransaction(add("two")),
    ]);

    expect(outcomes.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(notes()).toEqual(["one", "two"]);
  });

  it("a lone step after a group of several does not wait for as many", async () => {
    await Promise.all(["a", "b", "c"].map((text) => commits.transaction(add(text))));

    const outcome = await Promise.race([commits.transaction(add("lone")), sleep(2_000, "waits")]);

    expect(outcome).toBe(1);
  });
});
