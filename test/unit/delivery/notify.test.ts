import { describe, expect, it } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../../../shared/adapters/memory/delivery-status.ts";
import { MemoryLedger } from "../../../shared/adapters/memory/ledger.ts";
import { MemoryObjectStore } from "../../../shared/adapters/memory/object-store.ts";
import { MemoryTopics } from "../../../shared/adapters/memory/topics.ts";
import { createLogFileDelivery } from "../../../shared/delivery/log-files.ts";
import { sweepOpenFiles } from "../../../shared/delivery/sweep.ts";
import type { ActivityBlock } from "../../../shared/event/block.ts";
import { packBlock } from "../../../shared/event/block-codec.ts";
import type { Topics } from "../../../shared/ports/topics.ts";
import { blockOf, draftOf, NOON, trailNamed } from "./blocks.ts";

const TOPIC = "arn:aws:sns:eu-central-1:111122223333:deliveries";
const OTHER_TOPIC = "arn:aws:sns:us-west-2:444455556666:deliveries";
const trail = trailNamed("main", { snsTopicArn: TOPIC });

function world(wrap = (topics: Topics): Topics => topics) {
  const ledger = new MemoryLedger();
  const objects = new MemoryObjectStore();
  const topics = new MemoryTopics();
  const status = new MemoryDeliveryStatus();
  const clock = new MemoryClock(NOON);
  objects.createBucket(trail.s3BucketName);
  const ports = { ledger, objects, topics: wrap(topics), status, clock };
  return { ...ports, ports, topics, deliver: createLogFileDelivery(ports) };
}

async function messageOf(id: string, block: ActivityBlock) {
  return { id, body: (await packBlock(draftOf(block), ["log-files"])).body };
}

const oneRecord = blockOf([{ text: '{"a":1}' }], [{ destination: trail }]);

describe("a delivered log file", () => {
  it("is told to the trail's topic by bucket and key", async () => {
    const { topics, objects, status, deliver } = world();
    topics.createTopic(TOPIC, true);

    await deliver([await messageOf("m1", oneRecord)]);

    const [key] = objects.objects(trail.s3BucketName).keys();
    const message = `{"s3Bucket":"main-bucket","s3ObjectKey":["${key}"]}`;
    expect(topics.messages).toEqual([{ topicArn: TOPIC, trailArn: trail.trailArn, message }]);
    expect((await status.read(trail.trailArn)).sns).toEqual({
      latestAttemptAt: NOON,
      latestSuccessAt: NOON,
    });
  });

  it("of a trail without a topic is told to nobody", async () => {
    const { topics, status, deliver } = world();
    topics.createTopic(TOPIC, true);
    const silent = blockOf([{ text: '{"a":1}' }], [{ destination: trailNamed("main") }]);

    await deliver([await messageOf("m1", silent)]);

    expect(topics.messages).toEqual([]);
    expect((await status.read(trail.trailArn)).sns).toBeUndefined();
  });

  it.each([
    ["NotFound", undefined],
    ["AuthorizationError", false],
  ])("stays delivered, once, if its topic answers %s: the trail's status says so", async (code, isOpen) => {
    const { topics, objects, status, deliver } = world();
    if (isOpen !== undefined) topics.createTopic(TOPIC, isOpen);
    const message = await messageOf("m1", oneRecord);

    const { failed } = await deliver([message]);
    await deliver([message]);

    expect(failed).toEqual(new Map());
    expect(objects.objects(trail.s3BucketName).size).toBe(1);
    expect((await status.read(trail.trailArn)).sns).toEqual({ latestAttemptAt: NOON, latestError: code });
    expect((await status.read(trail.trailArn)).s3).toMatchObject({ latestSuccessAt: NOON });
  });

  it("stays delivered if SNS cannot be reached, and the status names the error", async () => {
    const { status, deliver } = world(() => ({
      publishForTrail: async () => {
        throw Object.assign(new Error("no answer"), { name: "TimeoutError" });
      },
    }));

    const { failed } = await deliver([await messageOf("m1", oneRecord)]);

    expect(failed).toEqual(new Map());
    expect((await status.read(trail.trailArn)).sns?.latestError).toBe("TimeoutError");
  });

  it("is not mixed with records that were accepted when the trail had another topic", async () => {
    const { topics, deliver } = world();
    topics.createTopic(TOPIC, true);
    topics.createTopic(OTHER_TOPIC, true);
    const moved = { ...trail, snsTopicArn: OTHER_TOPIC };
    const later = blockOf([{ text: '{"b":1}' }], [{ destination: moved }]);

    await deliver([await messageOf("m1", oneRecord), await messageOf("m2", later)]);

    expect(topics.messages.map(({ topicArn }) => topicArn).sort()).toEqual([TOPIC, OTHER_TOPIC]);
  });

  it("whose worker died before it told the topic is told by the sweeper", async () => {
    const { topics, ports, clock, deliver } = world((real) => {
      let calls = 0;
      return {
        publishForTrail: (...publication) => {
          calls += 1;
          // The worker that makes the first call is never heard of again.
          return calls === 1 ? new Promise(() => undefined) : real.publishForTrail(...publication);
        },
      };
    });
    topics.createTopic(TOPIC, true);
    void deliver([await messageOf("m1", oneRecord)]);
    await expect.poll(() => ports.objects.objects(trail.s3BucketName).size).toBe(1);
    clock.advance(61_000);

    const { settled } = await sweepOpenFiles(ports);

    expect(settled).toBe(1);
    expect(topics.messages).toHaveLength(1);
  });
});
