import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalActivityTopic } from "../../../../shared/adapters/local/activity-topic.ts";
import type { Database } from "../../../../shared/adapters/local/database.ts";
import { LocalMessageQueue } from "../../../../shared/adapters/local/message-queue.ts";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";
import { DESTINATIONS, type Destination, type PackedBlock } from "../../../../shared/event/block.ts";
import { TopicUnavailable } from "../../../../shared/ports/activity-topic.ts";
import { type LocalDatabase, localDatabase } from "../../../support/local-database.ts";

const ANY = { messages: 1_000, bytes: 10_000_000 };

describe("local activity topic", () => {
  const clock = new MemoryClock(Date.UTC(2026, 0, 1));
  let local: LocalDatabase;
  let queues: Record<Destination, LocalMessageQueue>;
  let topic: LocalActivityTopic;

  const open = (database: Database) => {
    const queue = (name: Destination) => new LocalMessageQueue(database, clock, { name, maxReceives: 5 });
    queues = {
      "log-files": queue("log-files"),
      "log-groups": queue("log-groups"),
      "event-bus": queue("event-bus"),
      history: queue("history"),
    };
    topic = new LocalActivityTopic(database, clock, queues);
  };

  beforeEach(() => {
    local = localDatabase();
    open(local.database);
  });

  afterEach(() => local.remove());

  it("what was published is in every queue after a restart", async () => {
    await topic.publish([block("a", DESTINATIONS)]);

    local = local.reopen();
    open(local.database);

    for (const destination of DESTINATIONS) {
      expect(await queues[destination].receive(ANY, 1_000)).toHaveLength(1);
    }
  });

  it("the queues share one body, which goes with the last message", async () => {
    const bodies = local.database.prepare("SELECT count(*) AS count FROM bodies");
    await topic.publish([block("a", DESTINATIONS)]);
    expect(bodies.get()).toEqual({ count: 1 });

    const counts: unknown[] = [];
    for (const destination of DESTINATIONS) {
      await queues[destination].delete(await queues[destination].receive(ANY, 1_000));
      counts.push(bodies.get());
    }

    expect(counts).toEqual([{ count: 1 }, { count: 1 }, { count: 1 }, { count: 0 }]);
  });

  it("publications of the same moment share one commit", async () => {
    const transactions = vi.spyOn(local.database, "transaction");

    await Promise.all(Array.from({ length: 100 }, (_, n) => topic.publish([block(`${n}`, ["log-files"])])));

    expect(transactions).toHaveBeenCalledTimes(1);
    expect(await queues["log-files"].depth()).toMatchObject({ ready: 100 });
  });

  it("after a group of two, the first publication waits a moment for a second one", async () => {
    await Promise.all([
      topic.publish([block("a", ["log-files"])]),
      topic.publish([block("b", ["log-files"])]),
    ]);
    const transactions = vi.spyOn(local.database, "transaction");

    const first = topic.publish([block("c", ["log-files"])]);
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, topic.publish([block("d", ["log-files"])])]);

    expect(transactions).toHaveBeenCalledTimes(1);
  });

  it("a publication that waited in vain is committed alone, and the next one does not wait", async () => {
    await Promise.all([
      topic.publish([block("a", ["log-files"])]),
      topic.publish([block("b", ["log-files"])]),
    ]);
    const timers = vi.spyOn(globalThis, "setTimeout");

    await topic.publish([block("c", ["log-files"])]);
    await topic.publish([block("d", ["log-files"])]);

    expect(timers.mock.calls.filter(([, ms]) => ms === 2)).toHaveLength(1);
    timers.mockRestore();
    expect(await queues["log-files"].depth()).toMatchObject({ ready: 4 });
  });

  it("queues are woken after the commit, and only those that got something", async () => {
    const depths: Promise<unknown>[] = [];
    queues["log-files"].onReady(() => depths.push(queues["log-files"].depth()));
    const other = vi.fn();
    queues["event-bus"].onReady(other);

    await topic.publish([block("a", ["log-files"])]);

    expect(await Promise.all(depths)).toMatchObject([{ ready: 1 }]);
    expect(other).not.toHaveBeenCalled();
  });

  it("a full disk rejects the whole group, keeps none of it, and the topic works again afterwards", async () => {
    const pages = local.database.prepare("PRAGMA page_count").get() as { page_count: number };
    local.database.prepare(`PRAGMA max_page_count = ${pages.page_count + 20}`).get();
    const large: PackedBlock = { ...block("large", ["log-files"]), body: Buffer.alloc(200_000) };

    const results = await Promise.allSettled([
      topic.publish([block("small", ["log-files"])]),
      topic.publish([large]),
    ]);

    for (const result of results) {
      expect(result).toMatchObject({ status: "rejected", reason: expect.any(TopicUnavailable) });
    }
    expect(await queues["log-files"].depth()).toEqual({ ready: 0, inFlight: 0 });
    await topic.publish([block("after", ["log-files"])]);
    expect(await queues["log-files"].depth()).toMatchObject({ ready: 1 });
  });
});

function block(text: string, destinations: readonly Destination[]): PackedBlock {
  return { id: text, records: 1, destinations, body: Buffer.from(text) };
}
