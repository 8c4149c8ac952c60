import { LocalDeliveryStatus } from "../../shared/adapters/local/delivery-status.ts";
import { MemoryDeliveryStatus } from "../../shared/adapters/memory/delivery-status.ts";
import { localDatabase } from "../support/local-database.ts";
import { describeDeliveryStatusContract } from "./delivery-status.suite.ts";

describeDeliveryStatusContract("memory", async () => ({
  status: new MemoryDeliveryStatus(),
  close: async () => {},
}));

describeDeliveryStatusContract("local", async () => {
  const { database, remove } = localDatabase();
  return { status: new LocalDeliveryStatus(database), close: async () => remove() };
});
