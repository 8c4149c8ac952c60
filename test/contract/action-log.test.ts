import { MemoryActionLog } from "../../shared/adapters/memory/action-log.ts";
import { describeActionLogContract } from "./action-log.suite.ts";

describeActionLogContract("memory", async () => new MemoryActionLog());
