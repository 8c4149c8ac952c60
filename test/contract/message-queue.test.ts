import { LocalDeadLetters } from "../../shared/adapters/local/dead-letters.ts";
import { LocalMessageQueue } from "../../shared/adapters/local/message-queue.ts";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { MemoryDeadLetters } from "../../shared/adapters/memory/dead-letters.ts";
import { MemoryMessageQueue } from "../../shared/adapters/memory/message-queue.ts";
import { localDatabase } from "../support/local-database.ts";
import { describeMessageQueueContract } from "./message-queue.suite.ts";

const NOW = Date.UTC(2026, 0, 1);

describeMessageQueueContract("memory", { exact: true }, async (maxReceives) => {
  const clock = new MemoryClock(NOW);
  const queue = new MemoryMessageQueue(clock, { name: "log-files", maxReceives });
  return {
    queue,
    deadLetters: new MemoryDeadLetters([queue]),
    pass: async (ms) => clock.advance(ms),
    close: async () => {},
  };
});

describeMessageQueueContract("local", { exact: true }, async (maxReceives) => {
  const clock = new MemoryClock(NOW);
  const { database, remove } = localDatabase();
  const queue = new LocalMessageQueue(database, clock, { name: "log-files", maxReceives });
  return {
    queue,
    deadLetters: new LocalDeadLetters(database, [queue]),
    pass: async (ms) => clock.advance(ms),
    close: async () => remove(),
  };
});
