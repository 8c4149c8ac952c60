import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LocalDeliveryStatus } from "../../../../shared/adapters/local/delivery-status.ts";
import { LocalLedger } from "../../../../shared/adapters/local/ledger.ts";
import { LocalTrailStore } from "../../../../shared/adapters/local/trail-store.ts";
import type { FileRow } from "../../../../shared/ports/ledger.ts";
import { DEFAULT_EVENT_SELECTION } from "../../../../shared/selector/event-selection.ts";
import type { Trail } from "../../../../shared/trail/trail.ts";
import { type LocalDatabase, localDatabase } from "../../../support/local-database.ts";

const NOW = Date.UTC(2026, 0, 1);
const ACCOUNT = "111122223333";
const TRAIL_ARN = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/example`;

describe("local state", () => {
  let local: LocalDatabase;

  beforeEach(() => {
    local = localDatabase();
  });

  afterEach(() => local.remove());

  it("files, claims and seals are there after a restart", async () => {
    const ledger = new LocalLedger(local.database);
    const seal = { sha256: "a".repeat(64), oldestEventTime: NOW, newestEventTime: NOW, records: 1 };
    await ledger.openFile(file("open"));
    await ledger.openFile(file("settled"));
    await ledger.claimParts("trail-logs/settled", [{ partId: "p1" }]);
    await ledger.sealFile("trail-logs/settled", seal);
    await ledger.settleFile("trail-logs/settled");

    local = local.reopen();
    const after = new LocalLedger(local.database);

    expect((await after.filesOfParts(["p1"])).get("p1")).toEqual({
      ...file("settled"),
      state: "settled",
      seal,
    });
    expect(await after.expiredFiles(NOW, 10)).toEqual([file("open")]);
  });

  it("the leases of a process that is gone end at once, those of files that are done are left", async () => {
    const before = new LocalLedger(local.database);
    await before.openFile(file("open", NOW + 60_000));
    await before.openFile(file("settled", NOW + 60_000));
    await before.claimParts("trail-logs/settled", [{ partId: "p1" }]);
    await before.settleFile("trail-logs/settled");

    local = local.reopen();
    const ledger = new LocalLedger(local.database);
    ledger.endLeases();

    expect(await ledger.expiredFiles(0, 10)).toEqual([file("open", 0)]);
    expect((await ledger.filesOfParts(["p1"])).get("p1")).toMatchObject({ leaseUntil: NOW + 60_000 });
  });

  it("expired files are found without looking at those that are done", () => {
    const sql = "SELECT id FROM files WHERE state = 'open' AND lease_until <= 1 ORDER BY lease_until LIMIT 1";

    const plan = JSON.stringify(local.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all());

    expect(plan).toContain("open_files");
    expect(plan).not.toMatch(/SCAN|TEMP B-TREE/);
  });

  it("trails and versions are there after a restart, versions of deleted trails too", async () => {
    const trails = new LocalTrailStore(local.database);
    await trails.put(TRAIL, 0);
    await trails.put({ ...TRAIL, accountId: "444455556666" }, 0);
    await trails.delete("444455556666", TRAIL_ARN, 1);

    local = local.reopen();
    const after = new LocalTrailStore(local.database);

    expect(await after.read(ACCOUNT)).toEqual({ version: 1, trails: [TRAIL] });
    expect(await after.version("444455556666")).toBe(2);
  });

  it("how deliveries went is there after a restart", async () => {
    await new LocalDeliveryStatus(local.database).report(TRAIL_ARN, "s3", NOW, "NoSuchBucket");

    local = local.reopen();

    expect(await new LocalDeliveryStatus(local.database).read(TRAIL_ARN)).toEqual({
      s3: { latestAttemptAt: NOW, latestError: "NoSuchBucket" },
    });
  });
});

const TRAIL: Trail = {
  trailArn: TRAIL_ARN,
  accountId: ACCOUNT,
  homeRegion: "us-east-1",
  name: "example",
  s3BucketName: "trail-logs",
  isMultiRegionTrail: true,
  includeGlobalServiceEvents: true,
  logFileValidationEnabled: false,
  selection: DEFAULT_EVENT_SELECTION,
  isLogging: true,
  createdAt: NOW,
};

function file(key: string, leaseUntil = NOW): FileRow {
  return {
    id: `trail-logs/${key}`,
    bucket: "trail-logs",
    key,
    trailArn: TRAIL_ARN,
    recipientAccountId: ACCOUNT,
    awsRegion: "us-east-1",
    kind: "management",
    state: "open",
    leaseUntil,
  };
}
