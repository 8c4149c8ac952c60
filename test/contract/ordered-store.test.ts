import path from "node:path";
import { expect, it } from "vitest";
import { Database } from "../../shared/adapters/local/database.ts";
import { LocalOrderedStore, ORDERED_STORE_SCHEMA } from "../../shared/adapters/local/ordered-store.ts";
import { MemoryOrderedStore } from "../../shared/adapters/memory/ordered-store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeOrderedStoreContract } from "./ordered-store.suite.ts";

describeOrderedStoreContract("memory", async () => ({
  store: new MemoryOrderedStore(),
  close: async () => undefined,
}));

describeOrderedStoreContract("local", async () => {
  const folder = temporaryFolder();
  const database = new Database(path.join(folder.path, "history.db"), ORDERED_STORE_SCHEMA);
  return {
    store: new LocalOrderedStore(database),
    close: async () => {
      database.close();
      folder.remove();
    },
  };
});

it("what was committed is there when the database is opened again", async () => {
  const folder = temporaryFolder();
  const file = path.join(folder.path, "history.db");
  const database = new Database(file, ORDERED_STORE_SCHEMA);
  const store = new LocalOrderedStore(database);
  await store.commit([], { space: "a", key: 1, value: Buffer.from("one") });
  await store.increment("a", 1, 3);
  database.close();

  const reopened = new Database(file, ORDERED_STORE_SCHEMA);
  const again = new LocalOrderedStore(reopened);

  expect(String(await again.get("a", 1))).toBe("one");
  expect(await again.increment("a", 1, 1)).toBe(4);
  reopened.close();
  folder.remove();
});
