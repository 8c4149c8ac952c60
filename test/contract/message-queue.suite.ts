import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { DeadLetters, MessageQueue, QueueMessage } from "../../shared/ports/message-queue.ts";

/** A fresh, empty queue with the dead letters that it fills. */
export interface QueueFixture {
  readonly queue: MessageQueue;
  readonly deadLetters: DeadLetters;
  /** Lets that much time pass: on a clock that is moved, or really. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** What a store promises beyond what every queue does. */
export interface QueueTraits {
  /** Messages come oldest first, and `receive` has the exact limits of messages and bytes. */
  readonly exact: boolean;
}

/** What every MessageQueue and its DeadLetters do. @param make a queue that allows `maxReceives` receipts */
export function describeMessageQueueContract(
  name: string,
  traits: QueueTraits,
  make: (maxReceives: number) => Promise<QueueFixture>,
): void {
  describe(`message queue: ${name}`, () => {
    let fixture: QueueFixture;
    let queue: MessageQueue;

    beforeEach(async () => {
      fixture = await make(2);
      queue = fixture.queue;
    });

    afterEach(() => fixture.close());

    it("an empty queue answers at once with no messages and no depth", async () => {
      const received = await queue.receive(ANY, 60_000);

      expect(received).toEqual([]);
      expect(await queue.depth()).toEqual({ ready: 0, inFlight: 0 });
    });

    it("what was sent is received byte for byte", async () => {
      const bodies = [Buffer.from("a"), Buffer.from([0, 255, 128, 10]), Buffer.from("ü")];
      await queue.send(bodies);

      const received = await receiveAll(fixture, 3);

      expect(received.map(({ body }) => body.toString("hex")).sort()).toEqual(
        bodies.map((body) => body.toString("hex")).sort(),
      );
      expect(received.map(({ receiveCount }) => receiveCount)).toEqual([1, 1, 1]);
      expect(new Set(received.map(({ id }) => id)).size).toBe(3);
    });

    it("a message that is held is received by nobody else until its visibility timeout ends", async () => {
      await queue.send([Buffer.from("a")]);
      const [first] = await receiveAll(fixture, 1, 2_000);

      const meanwhile = await queue.receive(ANY, 2_000);
      await fixture.pass(2_100);
      const [second] = await receiveAll(fixture, 1);

      expect(meanwhile).toEqual([]);
      expect(second).toMatchObject({ id: first?.id, receiveCount: 2 });
      expect(second?.receipt).not.toBe(first?.receipt);
    });

    it("a deleted message never comes again", async () => {
      await queue.send([Buffer.from("a")]);
      await queue.delete(await receiveAll(fixture, 1, 1_000));

      await fixture.pass(1_100);

      expect(await queue.receive(ANY, 1_000)).toEqual([]);
      expect(await queue.depth()).toEqual({ ready: 0, inFlight: 0 });
    });

    it("a message that is given back without delay can be received at once", async () => {
      await queue.send([Buffer.from("a")]);
      const [first] = await receiveAll(fixture, 1);

      await queue.retry(first ? [first] : [], 0, "Throttled");

      expect(await receiveAll(fixture, 1)).toMatchObject([{ id: first?.id, receiveCount: 2 }]);
    });

    it("a message that is given back with a delay is received after it and not before", async () => {
      await queue.send([Buffer.from("a")]);
      await queue.retry(await receiveAll(fixture, 1), 2_000, "Throttled");

      const before = await queue.receive(ANY, 60_000);
      await fixture.pass(2_100);

      expect(before).toEqual([]);
      expect(await receiveAll(fixture, 1)).toHaveLength(1);
    });

    it("a message that fails as often as the queue allows becomes a dead letter", async () => {
      await queue.send([Buffer.from("poison")]);
      await queue.retry(await receiveAll(fixture, 1), 0, "first");
      const last = await receiveAll(fixture, 1);

      await queue.retry(last, 0, "second");

      expect(await queue.receive(ANY, 60_000)).toEqual([]);
      const [letter, ...more] = await fixture.deadLetters.list(10);
      expect(more).toEqual([]);
      expect(letter?.body.toString()).toBe("poison");
      expect(letter?.queue).toBe(queue.name);
      expect([undefined, "second"]).toContain(letter?.reason);
      expect(await fixture.deadLetters.count()).toBe(1);
      expect([...(await fixture.deadLetters.countByQueue())]).toEqual([[queue.name, 1]]);
      expect(await fixture.deadLetters.list(10, queue.name)).toHaveLength(1);
      expect(await fixture.deadLetters.list(10, "another")).toEqual([]);
    });

    it("a message that nobody answered for as often as the queue allows becomes a dead letter", async () => {
      await queue.send([Buffer.from("poison")]);
      await receiveAll(fixture, 1, 1_000);
      await fixture.pass(1_100);
      await receiveAll(fixture, 1, 1_000);
      await fixture.pass(1_100);

      const received = await queue.receive(ANY, 1_000);

      expect(received).toEqual([]);
      expect(await fixture.deadLetters.count()).toBe(1);
    });

    it("a dead letter that is sent again is received as if for the first time", async () => {
      const letter = await deadLetter(fixture);

      const sent = await fixture.deadLetters.sendAgain([letter, "nobody"]);

      expect(sent).toEqual([letter]);
      expect(await receiveAll(fixture, 1)).toMatchObject([{ receiveCount: 1 }]);
      expect(await fixture.deadLetters.count()).toBe(0);
    });

    it("all dead letters are sent again", async () => {
      await queue.send(["a", "b", "c"].map((text) => Buffer.from(text)));
      for (let receipt = 1; receipt <= 2; receipt += 1) {
        await queue.retry(await receiveAll(fixture, 3), 0, "refused");
      }

      const sent = await fixture.deadLetters.sendAllAgain(60_000);

      expect(sent).toBe(3);
      expect(await fixture.deadLetters.count()).toBe(0);
      const again = await receiveAll(fixture, 3);
      expect(again.map(({ body }) => body.toString()).sort()).toEqual(["a", "b", "c"]);
      expect(await fixture.deadLetters.sendAllAgain(60_000)).toBe(0);
    });

    it("a dead letter that is deleted is gone", async () => {
      const letter = await deadLetter(fixture);

      const deleted = await fixture.deadLetters.delete([letter]);

      expect(deleted).toBe(1);
      expect(await fixture.deadLetters.get(letter)).toBeUndefined();
      expect(await fixture.deadLetters.count()).toBe(0);
      expect(await queue.receive(ANY, 1_000)).toEqual([]);
    });

    it("letters that do not exist are not counted as sent again or deleted", async () => {
      await deadLetter(fixture);

      const counts = [
        await fixture.deadLetters.sendAgain(["nobody", "99-nowhere"]),
        await fixture.deadLetters.delete(["nobody", "99-nowhere"]),
      ];

      expect(counts).toEqual([[], 0]);
      expect(await fixture.deadLetters.get("nobody")).toBeUndefined();
      expect(await fixture.deadLetters.count()).toBe(1);
    });

    it("the depth tells ready messages from those in flight, delayed ones among them", async () => {
      await queue.send([Buffer.from("a"), Buffer.from("b"), Buffer.from("c")]);
      const held = await receiveAll(fixture, 3);

      await queue.retry(held.slice(0, 1), 60_000, "Throttled");
      await queue.retry(held.slice(1, 2), 0, "Throttled");

      expect(await queue.depth()).toMatchObject({ ready: 1, inFlight: 2 });
    });

    describe.runIf(traits.exact)("exactly", () => {
      it("a stale receipt neither deletes nor gives back a message that was received anew", async () => {
        await queue.send([Buffer.from("a")]);
        const stale = await queue.receive(ANY, 1_000);
        await fixture.pass(1_001);
        const fresh = await queue.receive(ANY, 60_000);

        await queue.delete(stale);
        await queue.retry(stale, 0, "too late");

        expect(await queue.depth()).toMatchObject({ ready: 0, inFlight: 1 });
        await queue.delete(fresh);
        expect(await queue.depth()).toMatchObject({ ready: 0, inFlight: 0 });
      });

      it("messages come oldest first, those given back included", async () => {
        await queue.send(["1", "2", "3"].map((text) => Buffer.from(text)));
        await queue.retry(await queue.receive({ messages: 1, bytes: 100 }, 60_000), 0, "Throttled");
        await fixture.pass(5);
        await queue.send([Buffer.from("4")]);

        const received = await queue.receive(ANY, 60_000);

        expect(received.map(({ body }) => body.toString())).toEqual(["1", "2", "3", "4"]);
      });

      it("a batch ends before the message that would take it over the limit of bytes", async () => {
        await queue.send([Buffer.alloc(60), Buffer.alloc(40), Buffer.alloc(1)]);

        const received = await queue.receive({ messages: 10, bytes: 100 }, 60_000);

        expect(received.map(({ body }) => body.length)).toEqual([60, 40]);
        expect(await queue.depth()).toMatchObject({ ready: 1, inFlight: 2 });
      });

      it("a message over the limit of bytes is received alone", async () => {
        await queue.send([Buffer.alloc(101), Buffer.alloc(1)]);

        const received = await queue.receive({ messages: 10, bytes: 100 }, 60_000);

        expect(received.map(({ body }) => body.length)).toEqual([101]);
      });

      it("the depth names the time of the oldest message, held or not", async () => {
        await queue.send([Buffer.from("a")]);
        const [first] = await queue.receive(ANY, 60_000);
        await fixture.pass(10);
        await queue.send([Buffer.from("b")]);

        const depth = await queue.depth();

        expect(depth).toEqual({ ready: 1, inFlight: 1, oldestSentAt: first?.sentAt });
      });
    });
  });
}

const ANY = { messages: 10, bytes: 1_000_000 };

/** Receives until there are `count` messages: a store may answer with a part of what it has. */
async function receiveAll(
  { queue, pass }: QueueFixture,
  count: number,
  visibilityMs = 60_000,
): Promise<readonly QueueMessage[]> {
  const received: QueueMessage[] = [];
  for (let attempt = 0; received.length < count && attempt < 20; attempt += 1) {
    received.push(...(await queue.receive(ANY, visibilityMs)));
    if (received.length < count) {
      await pass(1);
    }
  }
  return received;
}

/** Makes a dead letter and answers its id. */
async function deadLetter(fixture: QueueFixture): Promise<string> {
  await fixture.queue.send([Buffer.from("poison")]);
  for (const reason of ["first", "second"]) {
    await fixture.queue.retry(await receiveAll(fixture, 1), 0, reason);
  }
  const [letter] = await fixture.deadLetters.list(10);
  return letter?.id ?? "";
}
