import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../../../shared/adapters/memory/delivery-status.ts";
import { MemoryLedger } from "../../../shared/adapters/memory/ledger.ts";
import { MemoryObjectStore } from "../../../shared/adapters/memory/object-store.ts";
import { MemoryTopics } from "../../../shared/adapters/memory/topics.ts";
import type { BatchReport, Deliver, DeliveryMessage } from "../../../shared/delivery/batch.ts";
import { createLogFileDelivery, type LogFileSettings } from "../../../shared/delivery/log-files.ts";
import type { ActivityBlock } from "../../../shared/event/block.ts";
import { packBlock } from "../../../shared/event/block-codec.ts";
import { ObjectExists, type ObjectStore } from "../../../shared/ports/object-store.ts";
import { blockOf, draftOf, NOON, trailNamed } from "./blocks.ts";
import { expectBalance } from "./expect-balance.ts";

const MINUTE = 60_000;
const trail = trailNamed("main");
const KEY_OF_NOON =
  /^AWSLogs\/111122223333\/CloudTrail\/eu-central-1\/2026\/01\/15\/111122223333_CloudTrail_eu-central-1_20260115T1200Z_[A-Za-z0-9]{16}\.json\.gz$/;

interface Bench {
  readonly ledger: MemoryLedger;
  readonly objects: MemoryObjectStore;
  readonly topics: MemoryTopics;
  readonly status: MemoryDeliveryStatus;
  readonly clock: MemoryClock;
  readonly deliver: Deliver;
}

function bench(settings: LogFileSettings = {}, wrap = (objects: ObjectStore): ObjectStore => objects): Bench {
  const ledger = new MemoryLedger();
  const objects = new MemoryObjectStore();
  const topics = new MemoryTopics();
  const status = new MemoryDeliveryStatus();
  const clock = new MemoryClock(NOON);
  objects.createBucket(trail.s3BucketName);
  const deliver = createLogFileDelivery({ ledger, objects: wrap(objects), topics, status, clock }, settings);
  return { ledger, objects, topics, status, clock, deliver };
}

async function messageOf(id: string, block: ActivityBlock): Promise<DeliveryMessage> {
  return { id, body: (await packBlock(draftOf(block), ["log-files"])).body };
}

/** In the order of the texts: files of one batch are written in no order. */
function contents(objects: MemoryObjectStore, bucket: string): readonly string[] {
  return [...objects.objects(bucket).values()].map(({ body }) => gunzipSync(body).toString()).sort();
}

function failedIds({ failed }: BatchReport): readonly string[] {
  return [...failed.keys()].sort();
}

describe("a log file", () => {
  it("holds the records' texts as they came, is named by CloudTrail's rule and sealed by its own hash", async () => {
    const { ledger, objects, deliver } = bench();
    const first = await messageOf(
      "m1",
      blockOf(
        [{ text: '{"b":1.0,"a":"ü"}' }, { text: '{ "x": 1e2 }', eventTime: NOON - 5 }],
        [{ destination: trail }],
      ),
    );
    const second = await messageOf("m2", blockOf([{ text: '{"c":3}' }], [{ destination: trail }]));

    const report = await deliver([first, second]);

    const [[key, object] = []] = objects.objects(trail.s3BucketName);
    const content = gunzipSync(object?.body ?? "");
    expect(content.toString()).toBe('{"Records":[{"b":1.0,"a":"ü"},{ "x": 1e2 },{"c":3}]}');
    expect(key).toMatch(KEY_OF_NOON);
    expect(object?.settings).toEqual({ contentType: "application/json", contentEncoding: "gzip" });
    expect(ledger.files).toMatchObject([
      {
        id: `${trail.s3BucketName}/${key}`,
        state: "settled",
        seal: {
          sha256: createHash("sha256").update(content).digest("hex"),
          oldestEventTime: NOON - 5,
          newestEventTime: NOON,
          records: 3,
        },
      },
    ]);
    expect(report.counts).toEqual({ received: 3, delivered: 3, skipped: {}, failed: 0 });
  });

  it("never mixes accounts, regions, kinds or trails", async () => {
    const other = trailNamed("other", { s3KeyPrefix: "logs", organizationId: "o-exampleorgid" });
    const { objects, deliver } = bench();
    objects.createBucket(other.s3BucketName);
    const block = blockOf(
      [
        { text: '{"n":0}' },
        { text: '{"n":1}', kind: "data" },
        { text: '{"n":2}', awsRegion: "us-east-1" },
        { text: '{"n":3}', recipientAccountId: "444455556666" },
        { text: '{"n":4}' },
        { text: '{"n":5}', kind: "insight" },
      ],
      [{ destination: trail }, { destination: other, positions: [0, 1, 3, 2] }],
    );

    const report = await deliver([await messageOf("m1", block)]);

    expect(contents(objects, trail.s3BucketName)).toEqual([
      '{"Records":[{"n":0},{"n":4}]}',
      '{"Records":[{"n":1}]}',
      '{"Records":[{"n":2}]}',
      '{"Records":[{"n":3}]}',
      '{"Records":[{"n":5}]}',
    ]);
    expect(contents(objects, other.s3BucketName)).toEqual([
      '{"Records":[{"n":0},{"n":4}]}',
      '{"Records":[{"n":3}]}',
    ]);
    expect([...objects.objects(other.s3BucketName).keys()].sort()).toEqual([
      expect.stringMatching(/^logs\/AWSLogs\/o-exampleorgid\/111122223333\/CloudTrail\//),
      expect.stringMatching(/^logs\/AWSLogs\/o-exampleorgid\/444455556666\/CloudTrail\//),
    ]);
    expect(report.counts.delivered).toBe(9);
    expectBalance(report);
  });

  it("is divided before its content grows over the limit, but a part never is", async () => {
    const { objects, deliver } = bench({ maxFileBytes: 25, filesAtOnce: 1 });
    const messages = await Promise.all(
      ["1", "2", "333333333333333333333333333333", "4"].map((n) =>
        messageOf(`m${n}`, blockOf([{ text: `{"n":${n}}` }], [{ destination: trail }])),
      ),
    );

    await deliver(messages);

    expect(contents(objects, trail.s3BucketName)).toEqual([
      '{"Records":[{"n":1},{"n":2}]}',
      '{"Records":[{"n":333333333333333333333333333333}]}',
      '{"Records":[{"n":4}]}',
    ]);
  });

  it("is encrypted with the trail's key, with the trail as encryption context", async () => {
    const kmsKeyId = "arn:aws:kms:eu-central-1:111122223333:key/k";
    const { objects, deliver } = bench();
    const block = blockOf([{ text: "{}" }], [{ destination: { ...trail, kmsKeyId } }]);

    await deliver([await messageOf("m1", block)]);

    const [object] = objects.objects(trail.s3BucketName).values();
    expect(object?.settings).toMatchObject({
      kmsKeyId,
      encryptionContext: { "aws:cloudtrail:arn": trail.trailArn },
    });
  });
});

describe("a message", () => {
  it("that cannot be decoded fails, and hurts no other of its batch", async () => {
    const { objects, deliver } = bench();
    const good = await messageOf("good", blockOf([{ text: '{"n":1}' }], [{ destination: trail }]));
    const broken = await messageOf("broken", {
      ...blockOf([{ text: "{}" }], [{ destination: trail }]),
      groups: [],
    });

    const report = await deliver([{ id: "noise", body: Buffer.from("noise") }, broken, good]);

    expect(failedIds(report)).toEqual(["broken", "noise"]);
    expect(report.failed.get("noise")?.name).toBe("InvalidBlock");
    expect(contents(objects, trail.s3BucketName)).toEqual(['{"Records":[{"n":1}]}']);
    expect(report.counts).toEqual({ received: 3, delivered: 1, skipped: {}, failed: 2 });
  });

  it("that comes again after it was delivered is counted as skipped and writes nothing", async () => {
    const { objects, deliver } = bench();
    const message = await messageOf(
      "m1",
      blockOf([{ text: "{}" }, { text: "{}" }], [{ destination: trail }]),
    );
    await deliver([message]);

    const report = await deliver([message]);

    expect(report.failed.size).toBe(0);
    expect(report.counts).toEqual({
      received: 2,
      delivered: 0,
      skipped: { "already-delivered": 2 },
      failed: 0,
    });
    expect(objects.objects(trail.s3BucketName).size).toBe(1);
  });

  it("that is in a batch twice is delivered once", async () => {
    const { objects, deliver } = bench();
    const message = await messageOf("m1", blockOf([{ text: "{}" }], [{ destination: trail }]));

    const report = await deliver([message, { ...message, id: "m2" }]);

    expect(contents(objects, trail.s3BucketName)).toEqual(['{"Records":[{}]}']);
    expect(report.counts).toEqual({
      received: 2,
      delivered: 1,
      skipped: { "repeated-in-batch": 1 },
      failed: 0,
    });
  });

  it("fails when one of its trails' buckets is gone, is delivered to the others, and fails nobody else", async () => {
    const gone = trailNamed("gone");
    const { objects, status, deliver } = bench();
    const both = await messageOf(
      "both",
      blockOf([{ text: '{"n":1}' }], [{ destination: gone }, { destination: trail }]),
    );
    const one = await messageOf("one", blockOf([{ text: '{"n":2}' }], [{ destination: trail }]));

    const report = await deliver([both, one]);

    expect(failedIds(report)).toEqual(["both"]);
    expect(contents(objects, trail.s3BucketName)).toEqual(['{"Records":[{"n":1},{"n":2}]}']);
    expect(report.counts).toEqual({ received: 3, delivered: 2, skipped: {}, failed: 1 });
    expect(await status.read(gone.trailArn)).toEqual({
      s3: { latestAttemptAt: NOON, latestError: "NoSuchBucket" },
    });
    expect(await status.read(trail.trailArn)).toEqual({
      s3: { latestAttemptAt: NOON, latestSuccessAt: NOON },
    });
  });

  it("is delivered at once, without a void object, when a bucket that denied access takes it", async () => {
    const { objects, status, deliver } = bench();
    const message = await messageOf("m1", blockOf([{ text: "{}" }], [{ destination: trail }]));
    objects.denyAccess(trail.s3BucketName, true);
    const refused = await deliver([message]);
    const { s3 } = await status.read(trail.trailArn);
    objects.denyAccess(trail.s3BucketName, false);

    const report = await deliver([message]);

    expect(failedIds(refused)).toEqual(["m1"]);
    expect(s3?.latestError).toBe("AccessDenied");
    expect(report.counts.delivered).toBe(1);
    expect(objects.objects(trail.s3BucketName).size).toBe(1);
  });

  it("fails with all of its batch, and says so, when the ledger is out of reach", async () => {
    const { ledger, deliver } = bench();
    ledger.filesOfParts = () => Promise.reject(new Error("no ledger"));
    const message = await messageOf("m1", blockOf([{ text: "{}" }], [{ destination: trail }]));

    const report = await deliver([message]);

    expect(report.failed.get("m1")?.message).toBe("no ledger");
    expectBalance(report);
  });
});

describe("after a put that was not answered", () => {
  /** An object store whose next put fails: after it took effect, or instead. */
  function unanswered(takesEffect: boolean): (objects: ObjectStore) => ObjectStore {
    let isNext = true;
    return (objects) => ({
      head: (bucket, key) => objects.head(bucket, key),
      bucketExists: (bucket) => objects.bucketExists(bucket),
      putNew: async (bucket, key, body, settings) => {
        const fails = isNext;
        isNext = false;
        if (!fails || takesEffect) {
          await objects.putNew(bucket, key, body, settings);
        }
        if (fails) {
          throw new Error("timeout");
        }
      },
    });
  }

  it("the parts are held until the lease ends", async () => {
    const { deliver } = bench({ leaseMs: MINUTE }, unanswered(true));
    const message = await messageOf("m1", blockOf([{ text: "{}" }], [{ destination: trail }]));
    await deliver([message]);

    const report = await deliver([message]);

    expect(report.failed.get("m1")?.message).toContain("Another worker holds");
    expect(report.counts.failed).toBe(1);
  });

  it("a redelivered block whose object exists is settled, not written again", async () => {
    const { ledger, objects, clock, deliver } = bench({ leaseMs: MINUTE }, unanswered(true));
    const message = await messageOf("m1", blockOf([{ text: "{}" }], [{ destination: trail }]));
    await deliver([message]);
    clock.advance(MINUTE);

    const report = await deliver([message]);

    expect(report.counts.skipped).toEqual({ "already-delivered": 1 });
    expect(ledger.files.map(({ state }) => state)).toEqual(["settled"]);
    expect(contents(objects, trail.s3BucketName)).toEqual(['{"Records":[{}]}']);
  });

  it("a redelivered block whose object does not exist is delivered in another file, and the old one is void", async () => {
    const { ledger, objects, clock, deliver } = bench({ leaseMs: MINUTE }, unanswered(false));
    const message = await messageOf("m1", blockOf([{ text: "{}" }], [{ destination: trail }]));
    await deliver([message]);
    clock.advance(MINUTE);

    const report = await deliver([message]);

    expect(report.counts.delivered).toBe(1);
    expect(ledger.files.map(({ state }) => state)).toEqual(["void", "settled"]);
    expect(contents(objects, trail.s3BucketName)).toEqual(['{"Records":[]}', '{"Records":[{}]}']);
    expect(ledger.files[0]?.seal?.sha256).toBe(createHash("sha256").update('{"Records":[]}').digest("hex"));
  });

  it("an object that an earlier try of the same put left is taken for what it is: ours", async () => {
    const twice = (objects: ObjectStore): ObjectStore => ({
      head: (bucket, key) => objects.head(bucket, key),
      bucketExists: (bucket) => objects.bucketExists(bucket),
      putNew: async (bucket, key, body, settings) => {
        await objects.putNew(bucket, key, body, settings);
        throw new ObjectExists("there already");
      },
    });
    const { ledger, deliver } = bench({}, twice);
    const message = await messageOf("m1", blockOf([{ text: "{}" }], [{ destination: trail }]));

    const report = await deliver([message]);

    expect(report.counts.delivered).toBe(1);
    expect(ledger.files.map(({ state }) => state)).toEqual(["settled"]);
  });
});
