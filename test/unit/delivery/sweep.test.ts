import { describe, expect, it } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryDeliveryStatus } from "../../../shared/adapters/memory/delivery-status.ts";
import { MemoryLedger } from "../../../shared/adapters/memory/ledger.ts";
import { MemoryObjectStore } from "../../../shared/adapters/memory/object-store.ts";
import { MemoryTopics } from "../../../shared/adapters/memory/topics.ts";
import { sweepOpenFiles } from "../../../shared/delivery/sweep.ts";
import type { FileRow } from "../../../shared/ports/ledger.ts";
import { ACCOUNT, NOON, REGION } from "./blocks.ts";

const KMS_KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/k`;

function fileNamed(bucket: string, key: string, leaseUntil: number): FileRow {
  return {
    id: `${bucket}/${key}`,
    bucket,
    key,
    trailArn: `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/main`,
    recipientAccountId: ACCOUNT,
    awsRegion: REGION,
    kind: "management",
    kmsKeyId: KMS_KEY,
    state: "open",
    leaseUntil,
  };
}

async function ports(files: readonly FileRow[]): Promise<{
  readonly ledger: MemoryLedger;
  readonly objects: MemoryObjectStore;
  readonly topics: MemoryTopics;
  readonly status: MemoryDeliveryStatus;
  readonly clock: MemoryClock;
}> {
  const ledger = new MemoryLedger();
  const objects = new MemoryObjectStore();
  objects.createBucket("logs");
  for (const file of files) {
    await ledger.openFile(file);
  }
  return {
    ledger,
    objects,
    topics: new MemoryTopics(),
    status: new MemoryDeliveryStatus(),
    clock: new MemoryClock(NOON),
  };
}

function states({ files }: MemoryLedger): Readonly<Record<string, string>> {
  return Object.fromEntries(files.map(({ id, state }) => [id, state]));
}

describe("a sweep", () => {
  it("settles what is in the bucket, voids what is not, and leaves live leases alone", async () => {
    const given = await ports([
      fileNamed("logs", "written", NOON),
      fileNamed("logs", "unwritten", NOON - 1),
      fileNamed("logs", "live", NOON + 1),
    ]);
    await given.objects.putNew("logs", "written", Buffer.from("x"), { contentType: "application/json" });

    const report = await sweepOpenFiles(given);

    expect(states(given.ledger)).toEqual({
      "logs/written": "settled",
      "logs/unwritten": "void",
      "logs/live": "open",
    });
    expect(report).toEqual({ settled: 1, voided: 1, unreachable: new Map() });
  });

  it("encrypts a void object as the log file would have been", async () => {
    const given = await ports([fileNamed("logs", "unwritten", NOON)]);

    await sweepOpenFiles(given);

    expect(given.objects.objects("logs").get("unwritten")?.settings.kmsKeyId).toBe(KMS_KEY);
  });

  it("goes on past buckets that are out of reach, however many files they have, and leaves those", async () => {
    const unreachable = Array.from({ length: 150 }, (_, index) => fileNamed("gone", `${index}`, NOON - 10));
    const given = await ports([...unreachable, fileNamed("logs", "unwritten", NOON)]);

    const report = await sweepOpenFiles(given);

    expect(report.voided).toBe(1);
    expect(report.unreachable.size).toBe(150);
    expect(states(given.ledger)["gone/0"]).toBe("open");
  });

  it("takes live leases too when it is told that nobody is alive", async () => {
    const given = await ports([fileNamed("logs", "live", NOON + 60_000)]);

    await sweepOpenFiles(given, Number.MAX_SAFE_INTEGER);

    expect(states(given.ledger)).toEqual({ "logs/live": "void" });
  });
});
