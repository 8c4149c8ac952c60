import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DESTINATIONS, type Destination, type PackedBlock } from "../../shared/event/block.ts";
import type { ActivityTopic } from "../../shared/ports/activity-topic.ts";
import type { MessageQueue } from "../../shared/ports/message-queue.ts";

/** A topic with one empty queue a destination. */
export interface TopicFixture {
  readonly topic: ActivityTopic;
  readonly queues: Readonly<Record<Destination, MessageQueue>>;
  close(): Promise<void>;
}

/** What every ActivityTopic does. */
export function describeActivityTopicContract(name: string, make: () => Promise<TopicFixture>): void {
  describe(`activity topic: ${name}`, () => {
    let fixture: TopicFixture;

    beforeEach(async () => {
      fixture = await make();
    });

    afterEach(() => fixture.close());

    it("a block reaches the queue of each of its destinations and no other", async () => {
      await fixture.topic.publish([
        packedBlock("everywhere", DESTINATIONS),
        packedBlock("files", ["log-files"]),
        packedBlock("bus", ["event-bus"]),
      ]);

      expect(await bodies(fixture, "log-files", 2)).toEqual(["everywhere", "files"]);
      expect(await bodies(fixture, "log-groups", 1)).toEqual(["everywhere"]);
      expect(await bodies(fixture, "event-bus", 2)).toEqual(["bus", "everywhere"]);
    });

    it("a block for no destination is published to nobody", async () => {
      await fixture.topic.publish([packedBlock("nowhere", [])]);

      for (const destination of DESTINATIONS) {
        expect(await fixture.queues[destination].receive(ANY, 60_000)).toEqual([]);
      }
    });

    it("a publication that was answered is in the queues, however many there are at a time", async () => {
      const names = Array.from({ length: 40 }, (_, index) => `block-${index}`);

      await Promise.all(names.map((text) => fixture.topic.publish([packedBlock(text, ["log-files"])])));

      expect(await bodies(fixture, "log-files", 40)).toEqual(names.sort());
    });

    it("a block that is as large as blocks get arrives byte for byte", async () => {
      const content = "opentrail 0123456789".repeat(45_000);

      await fixture.topic.publish([{ ...packedBlock("large", ["log-files"]), body: Buffer.from(content) }]);

      const [received] = await bodies(fixture, "log-files", 1);
      expect(received === content).toBe(true);
    });
  });
}

const ANY = { messages: 10, bytes: 10_000_000 };

/** A block as the topic sees it: its body is opaque to it. */
function packedBlock(text: string, destinations: readonly Destination[]): PackedBlock {
  return { id: text, records: 1, destinations, body: Buffer.from(text) };
}

/** What a queue holds, sorted. Asks until there are `count`: a store may answer with a part of what it has. */
async function bodies({ queues }: TopicFixture, destination: Destination, count: number): Promise<string[]> {
  const received: string[] = [];
  for (let attempt = 0; received.length < count && attempt < 50; attempt += 1) {
    const messages = await queues[destination].receive(ANY, 60_000);
    received.push(...messages.map(({ body }) => body.toString()));
  }
  return received.sort();
}
