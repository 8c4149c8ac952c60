import { expect, it } from "vitest";
import { LocalDigestStore } from "../../shared/adapters/local/digest-store.ts";
import { LocalLedger } from "../../shared/adapters/local/ledger.ts";
import { MemoryDigestStore } from "../../shared/adapters/memory/digest-store.ts";
import { MemoryLedger } from "../../shared/adapters/memory/ledger.ts";
import type { DigestStore } from "../../shared/ports/digest-store.ts";
import type { Ledger } from "../../shared/ports/ledger.ts";
import { localDatabase } from "../support/local-database.ts";
import { describeDigestStoreContract } from "./digest-store.suite.ts";

const DAY = 24 * 60 * 60_000;

describeDigestStoreContract("memory", async () => {
  const ledger = new MemoryLedger();
  return { ledger, digests: new MemoryDigestStore(ledger), close: async () => {} };
});

describeDigestStoreContract("local", async () => {
  const { database, remove } = localDatabase();
  return {
    ledger: new LocalLedger(database),
    digests: new LocalDigestStore(database),
    close: async () => remove(),
  };
});

/** Adds a settled file that was opened on a day, with one part. */
async function addFile(ledger: Ledger, key: string, day: number, isValidated: boolean): Promise<void> {
  const id = `trail-logs/${key}`;
  await ledger.openFile({
    id,
    bucket: "trail-logs",
    key,
    trailArn: "arn:aws:cloudtrail:us-east-1:111122223333:trail/audited",
    recipientAccountId: "111122223333",
    awsRegion: "us-east-1",
    kind: "management",
    state: "open",
    leaseUntil: day * DAY,
    ...(isValidated && { digestFolder: {} }),
  });
  await ledger.claimParts(id, [{ partId: key }]);
  await ledger.sealFile(id, { sha256: "00", oldestEventTime: 1, newestEventTime: 1, records: 1 });
  await ledger.settleFile(id);
}

const stores: readonly (readonly [string, () => readonly [Ledger, DigestStore, () => void]])[] = [
  [
    "memory",
    () => {
      const ledger = new MemoryLedger();
      return [ledger, new MemoryDigestStore(ledger), () => undefined];
    },
  ],
  [
    "local",
    () => {
      const { database, remove } = localDatabase();
      return [new LocalLedger(database), new LocalDigestStore(database), remove];
    },
  ],
];

it.each(stores)(
  "%s: old files are forgotten with their parts, unless they still have to be listed",
  async (_name, make) => {
    const [ledger, digests, close] = make();
    await addFile(ledger, "old-listed", 1, true);
    await addFile(ledger, "old-plain", 1, false);
    const chain = await digests.putChain({
      trailArn: "arn:aws:cloudtrail:us-east-1:111122223333:trail/audited",
      recipientAccountId: "111122223333",
      awsRegion: "us-east-1",
      version: 0,
      since: 0,
      destination: { s3BucketName: "trail-logs" },
    });
    await digests.takeFiles(chain, "d1");
    await addFile(ledger, "old-waiting", 1, true);
    await addFile(ledger, "new-plain", 50, false);

    const forgotten = await digests.forgetFiles(10 * DAY);

    expect(forgotten).toBe(2);
    const left = await ledger.filesOfParts(["old-listed", "old-plain", "old-waiting", "new-plain"]);
    expect([...left.keys()]).toEqual(["old-waiting", "new-plain"]);
    close();
  },
);
