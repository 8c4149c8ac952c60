import { describe, expect, test } from "vitest";
import { MemoryMetrics } from "../../../shared/adapters/memory/metrics.ts";
import { MemoryTrailStore } from "../../../shared/adapters/memory/trail-store.ts";
import type { ActivityBlock, PackedBlock } from "../../../shared/event/block.ts";
import { unpackBlock } from "../../../shared/event/block-codec.ts";
import { type IngestRequest, makeIngest } from "../../../shared/ingest/ingest.ts";
import { DEFAULT_EVENT_SELECTION } from "../../../shared/selector/event-selection.ts";
import type { Trail } from "../../../shared/trail/trail.ts";

const ACCOUNT = "111122223333";
const NOW = Date.parse("2026-01-02T03:04:05Z");

function trailNamed(name: string, change: Partial<Trail> = {}): Trail {
  return {
    trailArn: `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/${name}`,
    accountId: ACCOUNT,
    homeRegion: "us-east-1",
    name,
    s3BucketName: `${name}-logs`,
    isMultiRegionTrail: true,
    includeGlobalServiceEvents: true,
    logFileValidationEnabled: false,
    selection: DEFAULT_EVENT_SELECTION,
    isLogging: true,
    createdAt: 0,
    ...change,
  };
}

function recordText(change: Record<string, unknown> = {}): Buffer {
  return Buffer.from(
    JSON.stringify({
      eventTime: "2026-01-02T03:04:05Z",
      eventSource: "ec2.amazonaws.com",
      eventName: "RunInstances",
      awsRegion: "us-east-1",
      eventID: "e",
      eventVersion: "1.11",
      eventType: "AwsApiCall",
      recipientAccountId: ACCOUNT,
      eventCategory: "Management",
      ...change,
    }),
  );
}

async function setUp({ trails = [trailNamed("all")], blockLimits = { records: 100, bytes: 100_000 } } = {}) {
  const store = new MemoryTrailStore();
  for (const [version, trail] of trails.entries()) {
    await store.put(trail, version);
  }
  const published: PackedBlock[] = [];
  const metrics = new MemoryMetrics();
  const topic = {
    publish: async (blocks: readonly PackedBlock[]) => {
      published.push(...blocks);
    },
  };
  const clock = { now: () => NOW, sleep: async () => undefined };
  const ingest = makeIngest({ trails: store, topic, clock, metrics, blockLimits });
  return {
    store,
    topic,
    metrics,
    published,
    blocks: (): Promise<ActivityBlock[]> => Promise.all(published.map(({ body }) => unpackBlock(body))),
    take: (records: readonly Buffer[], change: Partial<IngestRequest> = {}) =>
      ingest({ accountId: ACCOUNT, origin: "api", mayImport: true, records, ...change }),
  };
}

describe("ingest", () => {
  test("accepted records travel in one block with the trails that want them and their positions", async () => {
    const { take, blocks } = await setUp({
      trails: [
        trailNamed("all"),
        trailNamed("ireland", { isMultiRegionTrail: false, homeRegion: "eu-west-1" }),
      ],
    });
    const texts = ["us-east-1", "eu-west-1", "us-east-1", "eu-west-1", "eu-west-1"].map((awsRegion) =>
      recordText({ awsRegion }),
    );

    const report = await take(texts);

    expect(report).toEqual({ accepted: 5, rejected: [] });
    const [block, ...more] = await blocks();
    expect(more).toEqual([]);
    expect(block).toMatchObject({
      acceptedAt: NOW,
      accountId: ACCOUNT,
      origin: "api",
      groupOf: [0, 1, 0, 1, 1],
    });
    expect(block?.text.toString()).toBe(texts.join(","));
    expect(block?.trails.map(({ destination, positions }) => [destination.name, positions])).toEqual([
      ["all", [0, 5]],
      ["ireland", [1, 1, 3, 2]],
    ]);
  });

  test("a bad record is refused with its position, and the others of its call are accepted", async () => {
    const { take, blocks } = await setUp();

    const report = await take([recordText(), Buffer.from("{"), recordText({ eventName: 7 }), recordText()]);

    expect(report.accepted).toBe(2);
    expect(report.rejected.map(({ index, code }) => [index, code])).toEqual([
      [1, "InvalidData"],
      [2, "InvalidData"],
    ]);
    expect((await blocks())[0]?.lengths).toHaveLength(2);
  });

  test("two records with one eventID are both kept: nobody can hide an event behind an earlier one's id", async () => {
    const { take, blocks } = await setUp();

    expect(await take([recordText(), recordText()])).toEqual({ accepted: 2, rejected: [] });
    expect((await blocks())[0]?.lengths).toHaveLength(2);
  });

  test("records that no trail wants are accepted, counted as unrouted, and not published", async () => {
    const { take, published, metrics } = await setUp({ trails: [trailNamed("off", { isLogging: false })] });

    expect(await take([recordText()])).toEqual({ accepted: 1, rejected: [] });
    expect(published).toEqual([]);
    expect(metrics.read("RecordsUnrouted")).toBe(1);
  });

  test("received = accepted + rejected", async () => {
    const { take, metrics } = await setUp();

    await take([recordText(), Buffer.from("7")]);
    await take([recordText()]);

    expect(
      ["RecordsReceived", "RecordsAccepted", "RecordsRejected"].map((name) => metrics.read(name)),
    ).toEqual([3, 2, 1]);
  });

  test("blocks are closed at their limits of records and bytes, and none is lost between them", async () => {
    const { take, blocks } = await setUp({ blockLimits: { records: 3, bytes: 1_000 } });
    const texts = Array.from({ length: 8 }, (_, index) =>
      recordText({ eventID: String(index), filler: "x".repeat(index === 5 ? 2_000 : 1) }),
    );

    await take(texts);

    const packed = await blocks();
    expect(
      packed.every(
        ({ lengths, text }) => lengths.length <= 3 && (text.length <= 1_000 || lengths.length === 1),
      ),
    ).toBe(true);
    expect(packed.flatMap(({ text }) => JSON.parse(`[${text}]`)).map(({ eventID }) => eventID)).toEqual(
      texts.map((_, index) => String(index)),
    );
  });

  test("a change of a trail is seen by the very next call", async () => {
    const { take, store, published } = await setUp();
    await take([recordText()]);

    await store.put(trailNamed("all", { isLogging: false }), 1);
    await take([recordText()]);

    expect(published).toHaveLength(1);
  });

  test("the state that a call brings along is judged by in place of the current one", async () => {
    const { take, store, published } = await setUp();
    const before = await store.read(ACCOUNT);
    await store.put(trailNamed("all", { isLogging: false }), 1);

    await take([recordText()], { trailState: before });

    expect(published).toHaveLength(1);
  });

  test("the topic's refusal is the caller's: nothing counts as accepted", async () => {
    const { take, topic, metrics } = await setUp();
    topic.publish = () => Promise.reject(new Error("disk full"));

    await expect(take([recordText()])).rejects.toThrow("disk full");
    expect(metrics.read("RecordsAccepted")).toBe(0);
  });

  test("a block names its destinations: log groups only where a trail has one, the bus unless it came from there", async () => {
    const { take, published } = await setUp({ trails: [trailNamed("plain")] });
    const withGroup = await setUp({
      trails: [
        trailNamed("logs", { cloudWatchLogsLogGroupArn: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:g:*` }),
      ],
    });

    await take([recordText()]);
    await take([recordText()], { origin: "eventbridge" });
    await withGroup.take([recordText()]);

    expect(published.map(({ destinations }) => destinations)).toEqual([
      ["log-files", "event-bus"],
      ["log-files"],
    ]);
    expect(withGroup.published[0]?.destinations).toEqual(["log-files", "log-groups", "event-bus"]);
  });
});
