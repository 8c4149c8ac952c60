import { afterEach } from "vitest";
import { LocalSettingStore } from "../../shared/adapters/local/setting-store.ts";
import { MemorySettingStore } from "../../shared/adapters/memory/setting-store.ts";
import { type LocalDatabase, localDatabase } from "../support/local-database.ts";
import { describeSettingStoreContract } from "./setting-store.suite.ts";

const opened: LocalDatabase[] = [];

afterEach(() => {
  for (const { remove } of opened.splice(0)) remove();
});

describeSettingStoreContract("memory", async () => new MemorySettingStore());

describeSettingStoreContract("local", async () => {
  const local = localDatabase();
  opened.push(local);
  return new LocalSettingStore(local.database);
});
