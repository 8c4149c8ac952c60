import { LocalObjectStore } from "../../shared/adapters/local/object-store.ts";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { MemoryObjectStore } from "../../shared/adapters/memory/object-store.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { describeObjectStoreContract } from "./object-store.suite.ts";

const BUCKET = "trail-logs";
const NOW = Date.UTC(2026, 0, 1);

describeObjectStoreContract("memory", async () => {
  const objects = new MemoryObjectStore();
  objects.createBucket(BUCKET);
  return { objects, bucket: BUCKET, close: async () => {} };
});

describeObjectStoreContract("local", async () => {
  const folder = temporaryFolder();
  const objects = new LocalObjectStore(folder.path, new MemoryClock(NOW));
  const owner = { accountId: "111122223333", region: "us-east-1", creationTime: NOW };
  await objects.createBucket({ name: BUCKET, ...owner });
  return { objects, bucket: BUCKET, close: async () => folder.remove() };
});
