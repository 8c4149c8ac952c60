import { afterEach } from "vitest";
import { LocalImportStore } from "../../shared/adapters/local/import-store.ts";
import { MemoryImportStore } from "../../shared/adapters/memory/import-store.ts";
import { type LocalDatabase, localDatabase } from "../support/local-database.ts";
import { describeImportStoreContract } from "./import-store.suite.ts";

const opened: LocalDatabase[] = [];

afterEach(() => {
  for (const { remove } of opened.splice(0)) remove();
});

describeImportStoreContract("memory", async (clock, memoryMs) => new MemoryImportStore(clock, memoryMs));

describeImportStoreContract("local", async (clock, memoryMs) => {
  const local = localDatabase();
  opened.push(local);
  return new LocalImportStore(local.database, clock, memoryMs);
});
