import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ConcurrentDigest, type DigestChain, type DigestStore } from "../../shared/ports/digest-store.ts";
import type { FileRow, Ledger } from "../../shared/ports/ledger.ts";

/** An empty store with the ledger whose files it gives to digests. */
export interface DigestStoreFixture {
  readonly digests: DigestStore;
  readonly ledger: Ledger;
  close(): Promise<void>;
}

const LEASE = 1_700_000_000_000;
const SEAL = { sha256: "ab".repeat(32), oldestEventTime: 1, newestEventTime: 2, records: 3 };
const CHAIN = {
  trailArn: "arn:aws:cloudtrail:us-east-1:111122223333:trail/audited",
  recipientAccountId: "111122223333",
  awsRegion: "eu-west-1",
};
const NEW: DigestChain = { ...CHAIN, version: 0, since: 5, destination: { s3BucketName: "trail-logs" } };

/** What every DigestStore does. */
export function describeDigestStoreContract(name: string, make: () => Promise<DigestStoreFixture>): void {
  describe(`digest store: ${name}`, () => {
    let fixture: DigestStoreFixture;
    let digests: DigestStore;

    beforeEach(async () => {
      fixture = await make();
      digests = fixture.digests;
    });

    afterEach(() => fixture.close());

    async function addFile(key: string, state: "open" | "settled" | "void", fields: Partial<FileRow> = {}) {
      const id = `trail-logs/${key}`;
      await fixture.ledger.openFile({
        ...CHAIN,
        id,
        bucket: "trail-logs",
        key,
        kind: "management",
        state: "open",
        leaseUntil: LEASE,
        digestFolder: { s3KeyPrefix: "audit" },
        ...fields,
      });
      await fixture.ledger.claimParts(id, [{ partId: `part-of-${key}` }]);
      await fixture.ledger.sealFile(id, SEAL);
      if (state === "settled") await fixture.ledger.settleFile(id);
      if (state === "void") await fixture.ledger.voidFile(id, SEAL);
    }

    it("files of trails with validation wait, by chain and state", async () => {
      await addFile("a", "open");
      await addFile("b", "settled");
      await addFile("c", "void");

      expect(await digests.waitingFiles()).toEqual([
        {
          ...CHAIN,
          destination: { s3BucketName: "trail-logs", s3KeyPrefix: "audit" },
          open: 1,
          ready: 2,
        },
      ]);
    });

    it("a file of a trail without validation never waits", async () => {
      const id = "trail-logs/plain";
      const { digestFolder: _, ...file } = {
        ...CHAIN,
        id,
        bucket: "trail-logs",
        key: "plain",
        kind: "management" as const,
        state: "open" as const,
        leaseUntil: LEASE,
        digestFolder: {},
      };
      await fixture.ledger.openFile(file);
      await fixture.ledger.settleFile(id);

      expect(await digests.waitingFiles()).toEqual([]);
    });

    it("a chain is there as it was written, one version on", async () => {
      const written = await digests.putChain(NEW);

      expect(written).toEqual({ ...NEW, version: 1 });
      expect(await digests.chains()).toEqual([written]);
    });

    it("a step on a version that is past is refused, and changes nothing", async () => {
      const first = await digests.putChain(NEW);
      const second = await digests.putChain(first);
      await addFile("a", "settled");

      await expect(digests.putChain(first)).rejects.toThrow(ConcurrentDigest);
      await expect(digests.putChain(NEW)).rejects.toThrow(ConcurrentDigest);
      await expect(digests.takeFiles(first, "d1")).rejects.toThrow(ConcurrentDigest);

      expect(await digests.chains()).toEqual([second]);
      expect(await digests.filesOf(CHAIN, "d1")).toEqual([]);
    });

    it("a digest takes settled and void files of its chain that none has, in the order of their names", async () => {
      await addFile("c", "settled");
      await addFile("a", "void");
      await addFile("b", "open");
      await addFile("d", "settled", { awsRegion: "us-east-1" });
      const chain = await digests.putChain(NEW);

      await digests.takeFiles(chain, "d1");
      await digests.takeFiles(chain, "d2");

      expect(await digests.filesOf(chain, "d1")).toEqual([
        { bucket: "trail-logs", key: "a", seal: SEAL },
        { bucket: "trail-logs", key: "c", seal: SEAL },
      ]);
      expect(await digests.filesOf(chain, "d2")).toEqual([]);
      expect(
        (await digests.waitingFiles()).map(({ awsRegion, open, ready }) => [awsRegion, open, ready]),
      ).toEqual(
        expect.arrayContaining([
          ["eu-west-1", 1, 0],
          ["us-east-1", 0, 1],
        ]),
      );
    });

    it("a digest may take files in several steps, hundreds in one", async () => {
      const chain = await digests.putChain(NEW);
      const keys = Array.from({ length: 230 }, (_, index) => `file-${String(index).padStart(3, "0")}`);
      for (const key of keys) await addFile(key, "settled");
      await digests.takeFiles(chain, "d1");
      await addFile("late", "settled");

      await digests.takeFiles(chain, "d1");

      expect((await digests.filesOf(chain, "d1")).map(({ key }) => key)).toEqual([...keys, "late"]);
    });
  });
}
