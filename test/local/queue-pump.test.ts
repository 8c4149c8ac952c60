import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type PumpSettings, QueuePump } from "../../local/queue-pump.ts";
import { LocalDeadLetters } from "../../shared/adapters/local/dead-letters.ts";
import { LocalMessageQueue } from "../../shared/adapters/local/message-queue.ts";
import type { BatchReport, DeliveryMessage } from "../../shared/delivery/batch.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { type LocalDatabase, localDatabase } from "../support/local-database.ts";

const MIB = 1024 * 1024;
const WINDOW_MS = 5_000;
const LIMITS = { messages: 1_000, bytes: 6 * MIB };

/** The system's clock as the fake timers have it. */
const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

let local: LocalDatabase;
let queue: LocalMessageQueue;
let deadLetters: LocalDeadLetters;
let pump: QueuePump | undefined;
/** The batches that the handler got: when, and their bodies' bytes. */
let batches: { readonly at: number; readonly sizes: readonly number[] }[];
let problems: unknown[];
let reports: BatchReport[];

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  local = localDatabase();
  queue = new LocalMessageQueue(local.database, clock, { name: "log-files", maxReceives: 4 });
  deadLetters = new LocalDeadLetters(local.database, [queue]);
  batches = [];
  problems = [];
  reports = [];
});

afterEach(async () => {
  await pump?.stop();
  pump = undefined;
  vi.useRealTimers();
  local.remove();
});

type Handle = (messages: readonly DeliveryMessage[]) => Promise<readonly string[]>;

/** Starts a pump whose handler answers the ids of the messages that failed. */
function startPump(
  settings: Partial<PumpSettings> = {},
  handle: Handle = async () => [],
  of: LocalMessageQueue = queue,
): QueuePump {
  pump = new QueuePump(
    of,
    async (messages) => {
      batches.push({ at: Date.now(), sizes: messages.map(({ body }) => body.length) });
      const failed = new Map((await handle(messages)).map((id) => [id, new Error("S3 is out")]));
      const counts = { received: messages.length, delivered: 0, skipped: {}, failed: failed.size };
      return { failed, counts: { ...counts, delivered: messages.length - failed.size } };
    },
    {
      limits: LIMITS,
      batchWindowMs: WINDOW_MS,
      visibilityMs: 60_000,
      retryDelayMs: (count) => 1_000 * 2 ** (count - 1),
      ...settings,
    },
    clock,
    {
      batchDone: (_stage, report) => reports.push(report),
      pumpFailed: (_stage, error) => problems.push(error),
    },
  );
  pump.start();
  return pump;
}

const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);
const times = (): readonly number[] => batches.map(({ at }) => at);

describe("the batching window", () => {
  test("messages that come within it are one batch, at its end", async () => {
    startPump();
    await pass(1_000);

    await queue.send([Buffer.alloc(10)]);
    await pass(3_000);
    await queue.send([Buffer.alloc(20)]);
    await pass(1_999);
    const before = batches.length;
    await pass(1);

    expect(before).toBe(0);
    expect(batches).toEqual([{ at: 6_000, sizes: [10, 20] }]);
  });

  test("a full batch does not wait for its end", async () => {
    startPump();
    await pass(1_000);

    await queue.send([Buffer.alloc(3 * MIB)]);
    await pass(100);
    await queue.send([Buffer.alloc(3 * MIB)]);
    await pass(0);

    expect(batches).toEqual([{ at: 1_100, sizes: [3 * MIB, 3 * MIB] }]);
  });

  test("what a full batch leaves waits for a window of its own", async () => {
    startPump();
    await pass(1_000);

    await queue.send([Buffer.alloc(4 * MIB), Buffer.alloc(3 * MIB)]);
    await pass(WINDOW_MS);

    expect(batches).toEqual([
      { at: 1_000, sizes: [4 * MIB] },
      { at: 6_000, sizes: [3 * MIB] },
    ]);
  });

  test("a backlog of bytes from before the start goes batch by batch without a wait", async () => {
    await queue.send(Array.from({ length: 9 }, () => Buffer.alloc(2 * MIB)));

    startPump();
    await pass(0);

    expect(times()).toEqual([0, 0, 0]);
  });

  test("a backlog of many small messages does so too", async () => {
    await queue.send(Array.from({ length: 3_000 }, () => Buffer.alloc(1)));

    startPump();
    await pass(0);

    expect(batches.map(({ sizes }) => sizes.length)).toEqual([1_000, 1_000, 1_000]);
  });

  test("a message over the limit goes alone", async () => {
    startPump({ batchWindowMs: 0 });

    await queue.send([Buffer.alloc(7 * MIB), Buffer.alloc(10)]);
    await pass(10);

    expect(batches.map(({ sizes }) => sizes)).toEqual([[7 * MIB], [10]]);
  });

  test("without a window a message goes at once", async () => {
    startPump({ batchWindowMs: 0 });
    await pass(1_000);

    await queue.send([Buffer.alloc(10)]);
    await pass(0);

    expect(times()).toEqual([1_000]);
  });
});

describe("a message that fails", () => {
  test("comes again after the delay for its count, and is a dead letter in the end", async () => {
    startPump({ batchWindowMs: 0 }, async (messages) => messages.map(({ id }) => id));

    await queue.send([Buffer.alloc(10)]);
    await pass(60_000);

    expect(times()).toEqual([0, 1_000, 3_000, 7_000]);
    expect(await deadLetters.list(10)).toMatchObject([{ reason: "S3 is out", receiveCount: 4 }]);
  });

  test("takes no other of its batch with it", async () => {
    startPump({ batchWindowMs: 0 }, async (messages) =>
      messages.filter(({ body }) => body.length === 1).map(({ id }) => id),
    );

    await queue.send([Buffer.alloc(1), Buffer.alloc(2), Buffer.alloc(3)]);
    await pass(1_000);

    expect(batches.map(({ sizes }) => sizes)).toEqual([[1, 2, 3], [1]]);
  });

  test("a letter that is sent again is handed on at once", async () => {
    startPump({ batchWindowMs: 0 }, async (messages) =>
      Date.now() < 60_000 ? messages.map(({ id }) => id) : [],
    );
    await queue.send([Buffer.alloc(10)]);
    await pass(60_000);

    const [letter] = await deadLetters.list(1);
    await deadLetters.sendAgain([letter?.id ?? ""]);
    await pass(0);

    expect(times().at(-1)).toBe(60_000);
    expect(await queue.depth()).toEqual({ ready: 0, inFlight: 0 });
  });
});

describe("what throws", () => {
  test("a handler: the whole batch comes again", async () => {
    let calls = 0;
    startPump({ batchWindowMs: 0 }, async () => {
      calls += 1;
      if (calls === 1) {
        throw new Error("out of memory");
      }
      return [];
    });

    await queue.send([Buffer.alloc(1), Buffer.alloc(2)]);
    await pass(1_000);

    expect(batches.map(({ sizes }) => sizes)).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(problems).toEqual([new Error("out of memory")]);
    expect(reports).toHaveLength(1);
  });

  test("a queue that cannot be received from: it is asked again after a rest", async () => {
    const receive = vi.spyOn(queue, "receive").mockRejectedValueOnce(new Error("disk full"));
    startPump({ batchWindowMs: 0 });
    await queue.send([Buffer.alloc(1)]);

    await pass(999);
    const before = batches.length;
    await pass(1);

    expect(before).toBe(0);
    expect(times()).toEqual([1_000]);
    expect(problems).toEqual([new Error("disk full")]);
    expect(receive).toHaveBeenCalled();
  });

  test.each(["delete", "retry"] as const)(
    "a queue whose %s fails: it is told until it listens, and the handler gets nothing twice meanwhile",
    async (method) => {
      startPump({ batchWindowMs: 0 }, async (messages) =>
        method === "retry" && batches.length === 1 ? messages.map(({ id }) => id) : [],
      );
      vi.spyOn(queue, method)
        .mockRejectedValueOnce(new Error("disk full"))
        .mockRejectedValueOnce(new Error("disk full"));

      await queue.send([Buffer.alloc(1)]);
      await pass(1_999);
      const whileFull = batches.length;
      await pass(10_000);

      expect(whileFull).toBe(1);
      expect(batches).toHaveLength(method === "delete" ? 1 : 2);
      expect(await queue.depth()).toEqual({ ready: 0, inFlight: 0 });
      expect(problems).toHaveLength(2);
    },
  );
});

describe("stop", () => {
  test("hands on what is gathered without waiting for the window, all of it", async () => {
    const running = startPump();
    await pass(1_000);
    await queue.send(Array.from({ length: 4 }, () => Buffer.alloc(2 * MIB - 1)));
    await pass(0);
    await queue.send([Buffer.alloc(10)]);

    await running.stop();

    expect(batches.flatMap(({ sizes }) => sizes)).toHaveLength(5);
    expect(times().every((at) => at === 1_000)).toBe(true);
  });

  test("does not wait for messages that failed: they are the next process's", async () => {
    const running = startPump({ batchWindowMs: 0 }, async (messages) => messages.map(({ id }) => id));
    await queue.send([Buffer.alloc(10)]);
    await pass(0);

    await running.stop();

    expect(batches).toHaveLength(1);
    expect(await queue.depth()).toMatchObject({ inFlight: 1 });
  });

  test("waits for the batch that is under way", async () => {
    let finish = (): void => undefined;
    const running = startPump({ batchWindowMs: 0 }, async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return [];
    });
    await queue.send([Buffer.alloc(10)]);
    await pass(0);

    let stopped = false;
    const stopping = running.stop().then(() => {
      stopped = true;
    });
    await pass(1_000);
    const before = stopped;
    finish();
    await stopping;

    expect(before).toBe(false);
    expect(await queue.depth()).toEqual({ ready: 0, inFlight: 0 });
  });
});
