import { LocalActivityTopic } from "../../shared/adapters/local/activity-topic.ts";
import { LocalMessageQueue } from "../../shared/adapters/local/message-queue.ts";
import { MemoryActivityTopic } from "../../shared/adapters/memory/activity-topic.ts";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { MemoryMessageQueue } from "../../shared/adapters/memory/message-queue.ts";
import type { Destination } from "../../shared/event/block.ts";
import { localDatabase } from "../support/local-database.ts";
import { describeActivityTopicContract } from "./activity-topic.suite.ts";

const clock = new MemoryClock(Date.UTC(2026, 0, 1));

describeActivityTopicContract("memory", async () => {
  const queue = (name: Destination) => new MemoryMessageQueue(clock, { name, maxReceives: 5 });
  const queues = {
    "log-files": queue("log-files"),
    "log-groups": queue("log-groups"),
    "event-bus": queue("event-bus"),
    history: queue("history"),
  };
  return { topic: new MemoryActivityTopic(queues), queues, close: async () => {} };
});

describeActivityTopicContract("local", async () => {
  const { database, remove } = localDatabase();
  const queue = (name: Destination) => new LocalMessageQueue(database, clock, { name, maxReceives: 5 });
  const queues = {
    "log-files": queue("log-files"),
    "log-groups": queue("log-groups"),
    "event-bus": queue("event-bus"),
    history: queue("history"),
  };
  return {
    topic: new LocalActivityTopic(database, clock, queues),
    queues,
    close: async () => remove(),
  };
});
