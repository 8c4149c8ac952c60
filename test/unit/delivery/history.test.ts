import { describe, expect, it } from "vitest";
import { createHistoryDelivery, type HistoryPorts } from "../../../shared/delivery/history.ts";
import type { ActivityBlock } from "../../../shared/event/block.ts";
import type { RecordKind } from "../../../shared/event/record.ts";
import { partitionName } from "../../../shared/history/spaces.ts";

const NOW = Date.UTC(2026, 0, 31);

/** A block of one record of each kind that is named, a message's body being its number. */
function block(id: string, kinds: readonly RecordKind[], awsRegion = "us-east-1"): ActivityBlock {
  const texts = kinds.map((kind, index) => `{"eventID":"${id}-${index}","kind":"${kind}"}`);
  return {
    id,
    acceptedAt: NOW,
    accountId: "111122223333",
    origin: "api",
    groups: kinds.map((kind) => ({ recipientAccountId: "444455556666", awsRegion, kind })),
    groupOf: kinds.map((_, index) => index),
    eventTimes: kinds.map(() => NOW),
    lengths: texts.map((text) => text.length),
    trails: [],
    text: Buffer.from(texts.join(",")),
  };
}

function prepare(
  blocks: readonly ActivityBlock[],
  ports: Partial<HistoryPorts["history"]> = {},
  dataEvents = false,
) {
  const appended = new Map<string, readonly string[]>();
  const failures: unknown[] = [];
  const deliver = createHistoryDelivery(
    {
      history: {
        append: async (partition, records) => {
          appended.set(
            partitionName(partition),
            records.map(({ eventId }) => eventId),
          );
          return { added: records.length, repeated: 0, expired: 0 };
        },
        maintain: async () => undefined,
        ...ports,
      },
      reportFailure: (error) => failures.push(error),
    },
    { scope: { dataEvents }, unpack: async (body) => blocks[Number(body.toString())] as ActivityBlock },
  );
  const messages = blocks.map((_, index) => ({ id: `m${index}`, body: Buffer.from(String(index)) }));
  return { run: () => deliver(messages), appended, failures };
}

describe("delivery to the event history", () => {
  it("gathers a batch's records by the caller's account, region and category, in their order", async () => {
    const { run, appended } = prepare([
      block("a", ["management", "insight", "activity"]),
      block("b", ["management"]),
      block("c", ["management"], "eu-west-1"),
    ]);

    const { failed, counts } = await run();

    expect(Object.fromEntries(appended)).toEqual({
      "111122223333/us-east-1/management": ["a-0", "a-2", "b-0"],
      "111122223333/us-east-1/insight": ["a-1"],
      "111122223333/eu-west-1/management": ["c-0"],
    });
    expect(failed.size).toBe(0);
    expect(counts).toEqual({ received: 5, delivered: 5, skipped: {}, failed: 0 });
  });

  it("takes data events and network activity only where the setting says so", async () => {
    const blocks = [block("a", ["data", "network-activity", "aggregated", "management"])];

    const without = await prepare(blocks).run();
    const { run, appended } = prepare(blocks, {}, true);
    await run();

    expect(without.counts.received).toBe(1);
    expect(appended.get("111122223333/us-east-1/data")).toEqual(["a-0", "a-1"]);
  });

  it("what was there already and what is too old is counted as skipped", async () => {
    const { run } = prepare([block("a", ["management", "management", "management"])], {
      append: async () => ({ added: 1, repeated: 1, expired: 1 }),
    });

    const { counts } = await run();

    expect(counts).toEqual({
      received: 3,
      delivered: 1,
      skipped: { "already-delivered": 1, expired: 1 },
      failed: 0,
    });
  });

  it("a partition that cannot be written has the messages of its records come again, and no others", async () => {
    const { run } = prepare([block("a", ["management", "insight"]), block("b", ["management"])], {
      append: async ({ category }, records) => {
        if (category === "insight") {
          throw new Error("The disk is full");
        }
        return { added: records.length, repeated: 0, expired: 0 };
      },
    });

    const { failed, counts } = await run();

    expect([...failed.keys()]).toEqual(["m0"]);
    expect(counts).toEqual({ received: 3, delivered: 2, skipped: {}, failed: 1 });
  });

  it("partitions do not wait for one another", async () => {
    const both = Promise.withResolvers<void>();
    let writing = 0;
    const { run } = prepare([block("a", ["management", "insight"])], {
      append: async (_, records) => {
        writing += 1;
        if (writing === 2) both.resolve();
        await both.promise;
        return { added: records.length, repeated: 0, expired: 0 };
      },
    });

    const { counts } = await run();

    expect(counts.delivered).toBe(2);
  });

  it("a merge that fails is told, and fails no message", async () => {
    const { run, failures } = prepare([block("a", ["management"])], {
      maintain: async () => {
        throw new Error("The disk is full");
      },
    });

    const { failed } = await run();

    expect(failed.size).toBe(0);
    expect(failures).toEqual([new Error("The disk is full")]);
  });
});
