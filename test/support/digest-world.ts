import { hash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../../shared/adapters/memory/delivery-status.ts";
import { MemoryDigestStore } from "../../shared/adapters/memory/digest-store.ts";
import { MemoryLedger } from "../../shared/adapters/memory/ledger.ts";
import { MemoryObjectStore } from "../../shared/adapters/memory/object-store.ts";
import { MemorySigningKeys } from "../../shared/adapters/memory/signing-keys.ts";
import { MemoryTopics } from "../../shared/adapters/memory/topics.ts";
import { MemoryTrailStore } from "../../shared/adapters/memory/trail-store.ts";
import { createDigestMaker, type DigestPorts } from "../../shared/integrity/make-digests.ts";
import { validateLogs } from "../../shared/integrity/validate-logs.ts";
import type { ValidationReport } from "../../shared/integrity/validation.ts";
import type { LogBuckets } from "../../shared/ports/log-buckets.ts";
import type { Trail } from "../../shared/trail/trail.ts";
import { makeTrail } from "./trail.ts";

const HOUR = 60 * 60_000;
const ACCOUNT = "111122223333";

/** A trail with its ledger and buckets in memory, whose digests are made when a test says so. */
export class DigestWorld {
  readonly start = Date.UTC(2026, 10, 23, 10);
  readonly clock = new MemoryClock(this.start);
  readonly ledger = new MemoryLedger();
  readonly digests = new MemoryDigestStore(this.ledger);
  readonly objects = new MemoryObjectStore();
  readonly trails = new MemoryTrailStore();
  readonly status = new MemoryDeliveryStatus();
  readonly keys = new MemorySigningKeys(this.clock, 90 * 24 * HOUR);
  /** Whether blocks accepted at or before a time are still on their way. */
  undelivered: (acceptedBy: number) => boolean = () => false;
  trail = makeTrail({
    name: "audited",
    s3BucketName: "trail-logs",
    logFileValidationEnabled: true,
    startLoggingTime: this.start,
    createdAt: this.start,
  });
  readonly topics = new MemoryTopics();
  #files = 0;

  constructor() {
    this.objects.createBucket("trail-logs");
    this.objects.createBucket("new-logs");
  }

  async putTrail(change: Partial<Trail> = {}): Promise<void> {
    this.trail = { ...this.trail, ...change };
    await this.trails.put(this.trail, await this.trails.version(ACCOUNT));
  }

  async deleteTrail(): Promise<void> {
    await this.trails.delete(ACCOUNT, this.trail.trailArn, await this.trails.version(ACCOUNT));
  }

  get ports(): DigestPorts {
    const { digests, ledger, objects, keys, trails, topics, status, clock } = this;
    const isUndelivered = async (by: number): Promise<boolean> => this.undelivered(by);
    return { digests, ledger, objects, keys, trails, topics, status, clock, isUndelivered };
  }

  maker(change: Partial<DigestPorts> = {}): ReturnType<typeof createDigestMaker> {
    return createDigestMaker({ ...this.ports, ...change }, { intervalMs: HOUR, settleMs: 1_000 });
  }

  /** A log file of a trail, delivered now. @param awsRegion default us-east-1 */
  async deliverFile(awsRegion = "us-east-1", bucket = this.trail.s3BucketName): Promise<string> {
    this.#files += 1;
    const content = JSON.stringify({ Records: [{ n: this.#files }] });
    const date = new Date(this.clock.now()).toISOString();
    const mark = `${date.slice(0, 16).replace(/[-:]/g, "")}Z`;
    const suffix = String(this.#files).padStart(16, "0");
    const folder = `AWSLogs/${ACCOUNT}/CloudTrail/${awsRegion}/${date.slice(0, 10).replaceAll("-", "/")}`;
    const key = `${folder}/${ACCOUNT}_CloudTrail_${awsRegion}_${mark}_${suffix}.json.gz`;
    const id = `${bucket}/${key}`;
    await this.ledger.openFile({
      id,
      bucket,
      key,
      trailArn: this.trail.trailArn,
      recipientAccountId: ACCOUNT,
      awsRegion,
      kind: "management",
      state: "open",
      leaseUntil: this.clock.now() + 60_000,
      digestFolder: {},
    });
    const now = this.clock.now();
    const seal = {
      sha256: hash("sha256", content, "hex"),
      oldestEventTime: now,
      newestEventTime: now,
      records: 1,
    };
    await this.ledger.sealFile(id, seal);
    await this.objects.putNew(bucket, key, gzipSync(content), { contentType: "application/json" });
    await this.ledger.settleFile(id);
    return key;
  }

  /** Lets time pass, in steps of ten minutes with digests made at each. */
  async pass(hours: number, make = this.maker()): Promise<void> {
    for (let step = 0; step < hours * 6; step += 1) {
      this.clock.advance(10 * 60_000);
      const { failed } = await make();
      for (const error of failed.values()) throw error;
    }
  }

  get buckets(): LogBuckets {
    const { objects } = this;
    return {
      async *keys(bucket, prefix, after) {
        yield* [...objects.objects(bucket).keys()]
          .filter((key) => key.startsWith(prefix) && key > after)
          .sort();
      },
      async get(bucket, key) {
        const object = objects.objects(bucket).get(key);
        return object && { body: object.body, metadata: object.settings.metadata ?? {} };
      },
    };
  }

  /** What validation says of everything until now. */
  async validate(region = "us-east-1", bucket = this.trail.s3BucketName): Promise<ValidationReport> {
    const keys = new Map((await this.keys.all()).map((key) => [key.fingerprint, key]));
    return validateLogs(
      {
        trailArn: this.trail.trailArn,
        period: { start: this.start, end: this.clock.now() + 2_000 },
        region,
        accountId: ACCOUNT,
        destination: { s3BucketName: bucket },
        allowUnlisted: false,
      },
      { buckets: this.buckets, findKey: async (fingerprint) => keys.get(fingerprint), concurrency: 4 },
    );
  }
}
