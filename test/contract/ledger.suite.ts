import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { FileRow, FileSeal, Ledger } from "../../shared/ports/ledger.ts";

/** An empty ledger. */
export interface LedgerFixture {
  readonly ledger: Ledger;
  close(): Promise<void>;
}

/** What every Ledger does. */
export function describeLedgerContract(name: string, make: () => Promise<LedgerFixture>): void {
  describe(`ledger: ${name}`, () => {
    let fixture: LedgerFixture;
    let ledger: Ledger;

    beforeEach(async () => {
      fixture = await make();
      ledger = fixture.ledger;
    });

    afterEach(() => fixture.close());

    const claim = (fileId: string, ...partIds: readonly string[]) =>
      ledger.claimParts(
        fileId,
        partIds.map((partId) => ({ partId })),
      );
    const fileOf = async (partId: string) => (await ledger.filesOfParts([partId])).get(partId);

    it("a part that was never claimed has no file", async () => {
      expect(await ledger.filesOfParts(["p1", "p2"])).toEqual(new Map());
    });

    it("a claimed part is in its file, as the file was opened", async () => {
      const opened = file("a", {
        kmsKeyId: "arn:aws:kms:us-east-1:111122223333:key/k",
        snsTopicArn: "arn:aws:sns:us-east-1:111122223333:deliveries",
      });
      await ledger.openFile(opened);
      const won = await claim(opened.id, "p1", "p2");

      const files = await ledger.filesOfParts(["p1", "p2", "p3"]);

      expect(won).toEqual(new Set(["p1", "p2"]));
      expect(files).toEqual(
        new Map([
          ["p1", opened],
          ["p2", opened],
        ]),
      );
    });

    it("a part that another file has is not won, and stays where it is", async () => {
      const [a, b] = await openFiles(ledger, "a", "b");
      await claim(a.id, "p1");

      const won = await claim(b.id, "p1", "p2");

      expect(won).toEqual(new Set(["p2"]));
      expect(await fileOf("p1")).toEqual(a);
      expect(await fileOf("p2")).toEqual(b);
    });

    it("a part of a void file is won by the first who names that file", async () => {
      const [a, b, c] = await openFiles(ledger, "a", "b", "c");
      await claim(a.id, "p1");
      await ledger.voidFile(a.id, SEAL);

      const unnamed = await claim(b.id, "p1");
      const first = await ledger.claimParts(b.id, [{ partId: "p1", insteadOf: a.id }]);
      const second = await ledger.claimParts(c.id, [{ partId: "p1", insteadOf: a.id }]);

      expect([unnamed, first, second]).toEqual([new Set(), new Set(["p1"]), new Set()]);
      expect(await fileOf("p1")).toEqual(b);
    });

    it("a part without a row is not won instead of a file that it is not in", async () => {
      const [a, b] = await openFiles(ledger, "a", "b");

      const won = await ledger.claimParts(b.id, [{ partId: "p1", insteadOf: a.id }]);

      expect(won).toEqual(new Set());
    });

    it("of several claims of one part at a time, one wins", async () => {
      const files = await openFiles(ledger, "a", "b", "c", "d");

      const won = await Promise.all(files.map(({ id }) => claim(id, "p1")));

      expect(won.filter((parts) => parts.has("p1"))).toHaveLength(1);
      const winner = files[won.findIndex((parts) => parts.has("p1"))];
      expect(await fileOf("p1")).toEqual(winner);
    });

    it("many parts are claimed and found at once", async () => {
      const [a] = await openFiles(ledger, "a");
      const partIds = Array.from({ length: 250 }, (_, index) => `p${index}`);

      const won = await claim(a.id, ...partIds);

      expect(won).toEqual(new Set(partIds));
      expect((await ledger.filesOfParts(partIds)).size).toBe(250);
    });

    it("an open file takes its seal and, settled, keeps it", async () => {
      const [a] = await openFiles(ledger, "a");
      await claim(a.id, "p1");

      const sealed = await ledger.sealFile(a.id, SEAL);
      await ledger.settleFile(a.id);

      expect(sealed).toBe(true);
      expect(await fileOf("p1")).toEqual({ ...a, state: "settled", seal: SEAL });
    });

    it("a file that is settled or void takes no other seal and no other state", async () => {
      const [a, b] = await openFiles(ledger, "a", "b");
      await claim(a.id, "p1");
      await claim(b.id, "p2");
      await ledger.sealFile(a.id, SEAL);
      await ledger.settleFile(a.id);
      await ledger.voidFile(b.id, SEAL);
      const before = await ledger.filesOfParts(["p1", "p2"]);

      const sealed = await Promise.all([
        ledger.sealFile(a.id, OTHER_SEAL),
        ledger.sealFile(b.id, OTHER_SEAL),
      ]);
      await ledger.voidFile(a.id, OTHER_SEAL);
      await ledger.settleFile(b.id);
      await ledger.releaseFile(a.id);
      await ledger.releaseFile(b.id);

      expect(sealed).toEqual([false, false]);
      expect(await ledger.filesOfParts(["p1", "p2"])).toEqual(before);
      expect(before.get("p2")).toEqual({ ...b, state: "void", seal: SEAL });
    });

    it("a file without a row takes no seal, and settling it changes nothing", async () => {
      await ledger.settleFile("trail-logs/unknown");

      expect(await ledger.sealFile("trail-logs/unknown", SEAL)).toBe(false);
      expect(await ledger.expiredFiles(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
    });

    it("the parts of a released file are as if never claimed", async () => {
      const [a, b] = await openFiles(ledger, "a", "b");
      await claim(a.id, "p1");

      await ledger.releaseFile(a.id);

      expect(await fileOf("p1")).toBeUndefined();
      expect(await claim(b.id, "p1")).toEqual(new Set(["p1"]));
    });

    it("expired files are the open ones whose lease has ended, up to the limit", async () => {
      await openFiles(ledger, "a", "b", "settled");
      await ledger.settleFile("trail-logs/settled");
      await ledger.openFile(file("later", { leaseUntil: LEASE + 1 }));

      const before = await ledger.expiredFiles(LEASE - 1, 10);
      const at = await ledger.expiredFiles(LEASE, 10);
      const limited = await ledger.expiredFiles(LEASE + 1, 2);

      expect(before).toEqual([]);
      expect(at.map(({ key }) => key).sort()).toEqual(["a", "b"]);
      expect(limited).toHaveLength(2);
    });
  });
}

const LEASE = Date.UTC(2026, 0, 1);

const SEAL: FileSeal = {
  sha256: "a".repeat(64),
  oldestEventTime: LEASE - 2_000,
  newestEventTime: LEASE - 1_000,
  records: 3,
};

const OTHER_SEAL: FileSeal = { ...SEAL, sha256: "b".repeat(64), records: 0 };

function file(key: string, changes: Partial<FileRow> = {}): FileRow {
  return {
    id: `trail-logs/${key}`,
    bucket: "trail-logs",
    key,
    trailArn: "arn:aws:cloudtrail:us-east-1:111122223333:trail/example",
    recipientAccountId: "111122223333",
    awsRegion: "us-east-1",
    kind: "management",
    state: "open",
    leaseUntil: LEASE,
    ...changes,
  };
}

async function openFiles<const Keys extends readonly string[]>(
  ledger: Ledger,
  ...keys: Keys
): Promise<{ readonly [Index in keyof Keys]: FileRow }> {
  const files = keys.map((key) => file(key));
  for (const opened of files) {
    await ledger.openFile(opened);
  }
  return files as { [Index in keyof Keys]: FileRow };
}
