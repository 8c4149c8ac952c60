import { LocalLedger } from "../../shared/adapters/local/ledger.ts";
import { MemoryLedger } from "../../shared/adapters/memory/ledger.ts";
import { localDatabase } from "../support/local-database.ts";
import { describeLedgerContract } from "./ledger.suite.ts";

describeLedgerContract("memory", async () => ({ ledger: new MemoryLedger(), close: async () => {} }));

describeLedgerContract("local", async () => {
  const { database, remove } = localDatabase();
  return { ledger: new LocalLedger(database), close: async () => remove() };
});
