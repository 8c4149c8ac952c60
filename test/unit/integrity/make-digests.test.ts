import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { DigestContent } from "../../../shared/integrity/digest-file.ts";
import type { DigestPorts } from "../../../shared/integrity/make-digests.ts";
import { DigestWorld } from "../../support/digest-world.ts";

const HOUR = 60 * 60_000;
const GZIP = 0x1f;

async function makeWorld(): Promise<DigestWorld> {
  const world = new DigestWorld();
  await world.putTrail();
  return world;
}

function digestsIn(world: DigestWorld, bucket = "trail-logs"): readonly DigestContent[] {
  return [...world.objects.objects(bucket)]
    .filter(([key, { body }]) => key.includes("CloudTrail-Digest") && body[0] === GZIP)
    .map(([, { body }]) => JSON.parse(gunzipSync(body).toString()) as DigestContent)
    .sort((one, other) => (one.digestEndTime < other.digestEndTime ? -1 : 1));
}

/** Every file in exactly one digest, all valid, no hole. */
async function expectWhole(world: DigestWorld, files: readonly string[]): Promise<void> {
  const report = await world.validate();
  const listed = report.findings.filter(({ kind }) => kind === "log").map(({ key }) => key);
  expect(report.findings.filter(({ fault }) => fault !== undefined)).toEqual([]);
  expect(report.notes).toEqual([]);
  expect([...listed].sort()).toEqual([...files].sort());
  expect(report.unproven.filter(({ kind }) => kind === "missing")).toEqual([]);
}

describe("digests of a trail", () => {
  it("come every interval, empty ones too, each linked to the one before", async () => {
    const world = await makeWorld();
    const files = [await world.deliverFile()];
    await world.pass(3);
    files.push(await world.deliverFile());

    await world.pass(2);

    const digests = digestsIn(world);
    expect(digests.map(({ logFiles }) => logFiles.length)).toEqual([1, 0, 1, 0]);
    expect(digests[0]).toMatchObject({
      digestStartTime: "2026-11-23T10:00:00Z",
      previousDigestS3Object: null,
      previousDigestSignature: null,
    });
    expect(digests[1]).toMatchObject({
      digestStartTime: digests[0]?.digestEndTime,
      previousDigestS3Object: digests[0]?.digestS3Object,
      newestEventTime: null,
      oldestEventTime: null,
    });
    await expectWhole(world, files);
  });

  it("are made for each region that the trail ever delivered from", async () => {
    const world = await makeWorld();
    await world.deliverFile("us-east-1");
    await world.deliverFile("eu-west-1");

    await world.pass(4);

    const regions = digestsIn(world).map(({ digestS3Object }) => digestS3Object.split("/")[3]);
    expect(regions.filter((region) => region === "eu-west-1")).toHaveLength(3);
    expect(regions.filter((region) => region === "us-east-1")).toHaveLength(3);
  });

  it("a late digest covers the whole time since the last one", async () => {
    const world = await makeWorld();
    const files = [await world.deliverFile()];
    await world.pass(2);
    files.push(await world.deliverFile());
    world.clock.advance(30 * HOUR);

    await world.maker()();

    const [first, late] = digestsIn(world);
    expect(late?.digestStartTime).toBe(first?.digestEndTime);
    await expectWhole(world, files);
  });

  it("a trail that is stopped has a last digest, once what was accepted before is delivered", async () => {
    const world = await makeWorld();
    const files = [await world.deliverFile()];
    await world.pass(2);
    world.undelivered = () => true;
    await world.putTrail({ isLogging: false, stopLoggingTime: world.clock.now() });
    const make = world.maker();
    await make();
    world.clock.advance(5_000);
    await make();
    const before = digestsIn(world).length;
    files.push(await world.deliverFile());
    world.undelivered = () => false;

    await make();
    await world.pass(4, make);

    expect(digestsIn(world)).toHaveLength(before + 1);
    await expectWhole(world, files);
  });

  it("a trail that is deleted has a last digest where it delivered to", async () => {
    const world = await makeWorld();
    const files = [await world.deliverFile()];
    await world.pass(2);
    files.push(await world.deliverFile());
    await world.deleteTrail();

    await world.pass(3);

    expect(digestsIn(world)).toHaveLength(2);
    await expectWhole(world, files);
  });

  it("a trail that is deleted before its first digest has one all the same", async () => {
    const world = await makeWorld();
    const files = [await world.deliverFile()];
    await world.deleteTrail();

    await world.pass(1);

    expect(digestsIn(world)).toHaveLength(1);
    await expectWhole(world, files);
  });

  it("a trail that logs again begins with a starting digest", async () => {
    const world = await makeWorld();
    const files = [await world.deliverFile()];
    await world.pass(2);
    await world.putTrail({ isLogging: false, stopLoggingTime: world.clock.now() });
    await world.pass(3);
    await world.putTrail({ isLogging: true, startLoggingTime: world.clock.now() });
    files.push(await world.deliverFile());

    await world.pass(2);

    const [, last, starting] = digestsIn(world);
    expect(starting?.previousDigestSignature).toBeNull();
    expect(Date.parse(starting?.digestStartTime ?? "")).toBe(world.trail.startLoggingTime);
    const { unproven } = await world.validate();
    expect(unproven).toContainEqual({
      kind: "stopped",
      start: Date.parse(last?.digestEndTime ?? ""),
      end: world.trail.startLoggingTime,
    });
    await expectWhole(world, files);
  });

  it("validation that was off and on again begins with a starting digest", async () => {
    const world = await makeWorld();
    await world.deliverFile();
    await world.pass(2);
    await world.putTrail({ logFileValidationEnabled: false });
    await world.pass(3);
    const off = digestsIn(world).length;
    await world.putTrail({ logFileValidationEnabled: true, logFileValidationStartTime: world.clock.now() });

    await world.pass(2);

    expect(off).toBe(2);
    expect(digestsIn(world)[2]?.previousDigestSignature).toBeNull();
  });

  it("a change of bucket does not end the chain", async () => {
    const world = await makeWorld();
    const files = [await world.deliverFile()];
    await world.pass(2);
    await world.putTrail({ s3BucketName: "new-logs" });
    files.push(await world.deliverFile());

    await world.pass(1);

    expect(digestsIn(world, "new-logs")[0]?.previousDigestS3Bucket).toBe("trail-logs");
    await expectWhole(world, files);
  });

  it("a bucket that is gone gets its digests when it is there again, and the status says so meanwhile", async () => {
    const world = await makeWorld();
    await world.deliverFile();
    await world.pass(1);
    world.objects.deleteBucket("trail-logs");
    const make = world.maker();
    world.clock.advance(HOUR);
    const { failed } = await make();
    const during = await world.status.read(world.trail.trailArn);
    world.objects.createBucket("trail-logs");
    world.clock.advance(HOUR);

    const report = await make();

    expect(failed.size).toBe(1);
    expect(during.digest?.latestError).toBe("NoSuchBucket");
    expect(report).toMatchObject({ delivered: 1 });
    expect(digestsIn(world)).toHaveLength(1);
    expect((await world.status.read(world.trail.trailArn)).digest?.latestError).toBeUndefined();
  });

  it("an object that somebody put under a digest's key does not stop the chain", async () => {
    const world = await makeWorld();
    const files = [await world.deliverFile()];
    await world.pass(2);
    files.push(await world.deliverFile());
    const [first] = digestsIn(world);
    const next = (first?.digestS3Object ?? "").replace(/T\d+Z/, (time) => time.replace(/\d{6}/, "121000"));
    await world.objects.putNew("trail-logs", next, Buffer.from("x"), { contentType: "text/plain" });
    const make = world.maker();
    world.clock.advance(10 * 60_000);
    const { failed } = await make();
    world.clock.advance(2 * HOUR);

    await make();

    expect(failed.size).toBe(1);
    expect(
      digestsIn(world)
        .flatMap(({ logFiles }) => logFiles.map(({ s3Object }) => s3Object))
        .sort(),
    ).toEqual(files.sort());
  });

  it("files that come after a run's last digest are listed by a backfill digest, each by one", async () => {
    const world = await makeWorld();
    const files = [await world.deliverFile()];
    await world.pass(2);
    await world.putTrail({ isLogging: false, stopLoggingTime: world.clock.now() });
    await world.pass(1);
    files.push(await world.deliverFile());
    await world.pass(1);
    files.push(await world.deliverFile());
    await world.pass(1);

    const report = await world.validate();

    expect(report.findings.filter(({ kind }) => kind === "backfill digest")).toHaveLength(2);
    await expectWhole(world, files);
  });
});

/** The calls of the ports that change something. */
const STEPS = ["putChain", "takeFiles", "putNew", "sign", "settleFile", "voidFile"];

class Crash extends Error {
  override readonly name = "Crash";
}

/** The port, dying at its n-th step of all, before the step or after it. */
function crashing<T extends object>(port: T, counter: { left: number; readonly after: boolean }): T {
  return new Proxy(port, {
    get(target, name) {
      const member = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      const method = member.bind(target);
      if (!STEPS.includes(String(name))) return method;
      return async (...args: readonly unknown[]) => {
        if (counter.left < 0) throw new Crash();
        counter.left -= 1;
        const dies = counter.left < 0;
        if (dies && !counter.after) throw new Crash();
        const result = await method(...args);
        if (dies) throw new Crash();
        return result;
      };
    },
  });
}

describe("a digest maker that is killed", () => {
  const cases = Array.from({ length: 30 }, (_, step) => [
    { step, after: false },
    { step, after: true },
  ]).flat();

  it.each(cases)(
    "at step $step (after it: $after) leaves no gap, no double and no fork",
    async ({ step, after }) => {
      const world = await makeWorld();
      const counter = { left: step, after };
      const ports: Partial<DigestPorts> = {
        digests: crashing(world.digests, counter),
        ledger: crashing(world.ledger, counter),
        objects: crashing(world.objects, counter),
        keys: crashing(world.keys, counter),
      };
      const files: string[] = [];
      for (let hour = 0; hour < 4; hour += 1) {
        files.push(await world.deliverFile());
        world.clock.advance(HOUR);
        await world
          .maker(ports)()
          .catch(() => undefined);
      }
      files.push(await world.deliverFile());
      counter.left = Number.POSITIVE_INFINITY;

      await world.pass(2);

      await expectWhole(world, files);
    },
  );

  it("two makers at the same time make one chain", async () => {
    const world = await makeWorld();
    const files: string[] = [];
    const makers = [world.maker(), world.maker(), world.maker()];
    for (let hour = 0; hour < 5; hour += 1) {
      files.push(await world.deliverFile(), await world.deliverFile());
      world.clock.advance(HOUR);
      await Promise.allSettled(makers.map((make) => make()));
    }

    await world.pass(3);

    await expectWhole(world, files);
  });
});
