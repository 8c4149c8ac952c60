import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Database, DatabaseTooNew } from "../../../../shared/adapters/local/database.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const FIRST = "CREATE TABLE notes (text TEXT NOT NULL) STRICT;";
const SECOND = "ALTER TABLE notes ADD COLUMN author TEXT;";

describe("database", () => {
  let folder: ReturnType<typeof temporaryFolder>;
  let file: string;

  beforeEach(() => {
    folder = temporaryFolder();
    file = path.join(folder.path, "test.db");
  });

  afterEach(() => folder.remove());

  it("a file that lacks migrations gets them, and keeps what it holds", () => {
    const old = new Database(file, [FIRST]);
    old.prepare("INSERT INTO notes (text) VALUES ('kept')").run();
    old.close();

    const database = new Database(file, [FIRST, SECOND]);

    expect(database.prepare("SELECT * FROM notes").all()).toEqual([{ text: "kept", author: null }]);
    database.close();
  });

  it("a file of a later version is refused", () => {
    new Database(file, [FIRST, SECOND]).close();

    expect(() => new Database(file, [FIRST])).toThrow(DatabaseTooNew);
  });

  it("a migration that fails leaves the file as it was", () => {
    new Database(file, [FIRST]).close();

    expect(() => new Database(file, [FIRST, "CREATE TABLE more (a); SELECT nonsense;"])).toThrow("nonsense");

    const database = new Database(file, [FIRST, "CREATE TABLE more (b);"]);
    expect(database.prepare("SELECT * FROM more").all()).toEqual([]);
    database.close();
  });

  it("a transaction that throws has done nothing, and the next one works", () => {
    const database = new Database(file, [FIRST]);
    const add = database.prepare("INSERT INTO notes (text) VALUES (?)");

    const failing = () =>
      database.transaction(() => {
        add.run("undone");
        throw new RangeError("stop");
      });

    expect(failing).toThrow(RangeError);
    database.relaxedTransaction(() => add.run("done"));
    expect(database.prepare("SELECT text FROM notes").all()).toEqual([{ text: "done" }]);
    database.close();
  });

  it("a transaction waits for the disk, and a relaxed one does not", () => {
    const database = new Database(file, [FIRST]);
    const synchronous = () => database.prepare("PRAGMA synchronous").get();

    expect(database.relaxedTransaction(synchronous)).toEqual({ synchronous: 1 });
    expect(database.transaction(synchronous)).toEqual({ synchronous: 2 });
    database.close();
  });
});
