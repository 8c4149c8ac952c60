import { LocalTrailStore } from "../../shared/adapters/local/trail-store.ts";
import { MemoryTrailStore } from "../../shared/adapters/memory/trail-store.ts";
import { localDatabase } from "../support/local-database.ts";
import { describeTrailStoreContract } from "./trail-store.suite.ts";

describeTrailStoreContract("memory", async () => ({
  trails: new MemoryTrailStore(),
  close: async () => {},
}));

describeTrailStoreContract("local", async () => {
  const { database, remove } = localDatabase();
  return { trails: new LocalTrailStore(database), close: async () => remove() };
});
