import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LocalDeadLetters } from "../../../../shared/adapters/local/dead-letters.ts";
import { LocalMessageQueue } from "../../../../shared/adapters/local/message-queue.ts";
import { MemoryClock } from "../../../../shared/adapters/memory/clock.ts";
import { type LocalDatabase, localDatabase } from "../../../support/local-database.ts";

const NOW = Date.UTC(2026, 0, 1);
const ANY = { messages: 10, bytes: 1_000_000 };

describe("local message queue", () => {
  const clock = new MemoryClock(NOW);
  let local: LocalDatabase;

  const open = () => new LocalMessageQueue(local.database, clock, { name: "log-files", maxReceives: 2 });
  const restart = () => {
    local = local.reopen();
    return open();
  };
  const bodies = () => local.database.prepare("SELECT count(*) AS count FROM bodies").get();

  beforeEach(() => {
    local = localDatabase();
  });

  afterEach(() => local.remove());

  it("messages are there after a restart", async () => {
    await open().send([Buffer.from("a"), Buffer.from("b")]);

    const received = await restart().receive(ANY, 1_000);

    expect(received.map(({ body }) => body.toString())).toEqual(["a", "b"]);
  });

  it("what the ended process held is ready at once, and that receipt does not count", async () => {
    await open().send([Buffer.from("a")]);

    for (let process = 0; process < 5; process += 1) {
      const received = await restart().receive(ANY, 60_000);

      expect(received).toMatchObject([{ receiveCount: 1 }]);
    }
  });

  it("what ten processes ended on is a dead letter that says so, and can be sent again", async () => {
    await open().send([Buffer.from("poison")]);
    for (let process = 0; process < 10; process += 1) {
      expect(await restart().receive(ANY, 60_000)).toHaveLength(1);
    }

    const queue = restart();

    const letters = new LocalDeadLetters(local.database, [queue]);
    expect(await queue.receive(ANY, 60_000)).toEqual([]);
    expect(await letters.list(10)).toMatchObject([
      { id: "1-log-files", reason: "The process ended 10 times while it held the message" },
    ]);
    await letters.sendAgain(["1-log-files"]);
    expect(await restart().receive(ANY, 60_000)).toMatchObject([{ receiveCount: 1 }]);
  });

  it("what processes ended on three times is received alone, so that its batch's other messages get through", async () => {
    await open().send([Buffer.from("a"), Buffer.from("poison"), Buffer.from("b")]);
    for (let process = 0; process < 3; process += 1) {
      expect(await restart().receive(ANY, 60_000)).toHaveLength(3);
    }

    const queue = restart();
    await queue.send([Buffer.from("new")]);
    const batches: string[][] = [];
    for (
      let batch = await queue.receive(ANY, 60_000);
      batch.length > 0;
      batch = await queue.receive(ANY, 60_000)
    ) {
      batches.push(batch.map(({ body }) => body.toString()));
    }

    expect(batches).toEqual([["a"], ["poison"], ["b"], ["new"]]);
  });

  it("what was given back before a restart keeps its delay and its count", async () => {
    const before = open();
    await before.send([Buffer.from("a")]);
    await before.retry(await before.receive(ANY, 60_000), 5_000, "Throttled");

    const after = restart();

    expect(await after.receive(ANY, 60_000)).toEqual([]);
    clock.advance(5_000);
    expect(await after.receive(ANY, 60_000)).toMatchObject([{ receiveCount: 2 }]);
  });

  it("dead letters and their reasons are there after a restart", async () => {
    const before = open();
    await before.send([Buffer.from("a")]);
    await before.retry(await before.receive(ANY, 1_000), 0, "NoSuchBucket");
    await before.retry(await before.receive(ANY, 1_000), 0, "AccessDenied");

    const queue = restart();

    const letters = new LocalDeadLetters(local.database, [queue]);
    expect(await letters.countByQueue()).toEqual(new Map([["log-files", 1]]));
    expect(await letters.list(10)).toMatchObject([
      { id: "1-log-files", queue: "log-files", receiveCount: 2, reason: "AccessDenied", sentAt: clock.now() },
    ]);
  });

  it("listeners are woken by sends, by retries without delay and by letters sent again", async () => {
    const queue = open();
    const letters = new LocalDeadLetters(local.database, [queue]);
    const listener = vi.fn();
    const stop = queue.onReady(listener);

    await queue.send([Buffer.from("abc")]);
    expect(listener).toHaveBeenLastCalledWith(3);
    await queue.retry(await queue.receive(ANY, 1_000), 0, "Throttled");
    expect(listener).toHaveBeenLastCalledWith(0);
    await queue.retry(await queue.receive(ANY, 1_000), 50, "Throttled");
    expect(listener).toHaveBeenCalledTimes(2);
    await letters.sendAgain(["1-log-files"]);
    expect(listener).toHaveBeenCalledTimes(3);
    stop();
    await queue.send([Buffer.from("b")]);
    expect(listener).toHaveBeenCalledTimes(3);
  });

  it("it tells when the next held or delayed message can be received", async () => {
    const queue = open();
    await queue.send([Buffer.from("a"), Buffer.from("b")]);
    const none = queue.nextVisibleAt();
    const [held] = await queue.receive({ messages: 1, bytes: 100 }, 60_000);
    await queue.receive(ANY, 30_000);

    await queue.retry(held ? [held] : [], 5_000, "Throttled");

    expect(none).toBeUndefined();
    expect(queue.nextVisibleAt()).toBe(clock.now() + 5_000);
  });

  it("a body goes with the last of its messages, dead ones included", async () => {
    const queue = open();
    await queue.send([Buffer.from("a"), Buffer.from("b")]);
    const letters = new LocalDeadLetters(local.database, [queue]);
    const [a, b] = await queue.receive(ANY, 60_000);
    await queue.delete(a ? [a] : []);
    expect(bodies()).toEqual({ count: 1 });
    await queue.retry(b ? [b] : [], 0, "first");
    await queue.retry(await queue.receive(ANY, 60_000), 0, "second");
    expect(bodies()).toEqual({ count: 1 });

    await letters.delete(["2-log-files"]);

    expect(bodies()).toEqual({ count: 0 });
  });

  it("receiving touches the batch and not the backlog", async () => {
    const plans = [
      "SELECT body_id FROM messages WHERE queue = 'q' AND state = 'ready' AND due_at = 0 ORDER BY body_id LIMIT 1",
      "SELECT due_at FROM messages WHERE queue = 'q' AND state = 'waiting' ORDER BY due_at LIMIT 1",
      "UPDATE messages SET state = 'ready' WHERE queue = 'q' AND state = 'waiting' AND due_at <= 1",
    ].map((sql) => JSON.stringify(local.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all()));

    for (const plan of plans) {
      expect(plan).toContain("INDEX messages_in_order (queue=? AND state=?");
      expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
    }
  });
});
