import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { beforeEach, expect, it } from "vitest";
import { dynamoLedger } from "../../shared/adapters/aws/ledger.ts";
import { systemClock } from "../../shared/adapters/system-clock.ts";
import type { FileRow, FileSeal, Ledger } from "../../shared/ports/ledger.ts";
import { createTable } from "../support/aws-tables.ts";
import { describeWithMoto } from "../support/moto.ts";

const SEAL: FileSeal = { sha256: "a".repeat(64), oldestEventTime: 1, newestEventTime: 2, records: 3 };

describeWithMoto("a ledger in moto whose answers are lost", (config) => {
  let ledger: Ledger;

  beforeEach(async () => {
    const client = new DynamoDBClient(config());
    const table = await createTable(client, "ledger");
    // What the SDK does when a connection dies after the write was made: it sends the same request again.
    client.middlewareStack.add(
      (next) => async (request) => {
        await next(request).catch(() => undefined);
        return next(request);
      },
      { step: "finalizeRequest", priority: "low" },
    );
    ledger = dynamoLedger(client, systemClock, table);
  });

  it("a part that was claimed is won, though its claim arrives twice", async () => {
    await ledger.openFile(file("a"));

    const won = await ledger.claimParts("trail-logs/a", [{ partId: "p1" }, { partId: "p2" }]);

    expect([...won].sort()).toEqual(["p1", "p2"]);
  });

  it("a part that was claimed in place of a void file is won", async () => {
    await ledger.openFile(file("a"));
    await ledger.claimParts("trail-logs/a", [{ partId: "p1" }]);
    await ledger.voidFile("trail-logs/a", SEAL);
    await ledger.openFile(file("b"));

    const won = await ledger.claimParts("trail-logs/b", [{ partId: "p1", insteadOf: "trail-logs/a" }]);

    expect([...won]).toEqual(["p1"]);
  });

  it("a part of a released file is won", async () => {
    await ledger.openFile(file("a"));
    await ledger.claimParts("trail-logs/a", [{ partId: "p1" }]);
    await ledger.releaseFile("trail-logs/a");
    await ledger.openFile(file("b"));

    const won = await ledger.claimParts("trail-logs/b", [{ partId: "p1" }]);

    expect([...won]).toEqual(["p1"]);
  });

  it("a file is opened, sealed and settled", async () => {
    await ledger.openFile(file("a"));
    await ledger.claimParts("trail-logs/a", [{ partId: "p1" }]);

    const sealed = await ledger.sealFile("trail-logs/a", SEAL);
    await ledger.settleFile("trail-logs/a");

    expect(sealed).toBe(true);
    const files = await ledger.filesOfParts(["p1"]);
    expect(files.get("p1")).toEqual({ ...file("a"), state: "settled", seal: SEAL });
  });

  it("an opening that arrives when the file is settled does not open it again", async () => {
    await ledger.openFile(file("a"));
    await ledger.claimParts("trail-logs/a", [{ partId: "p1" }]);
    await ledger.settleFile("trail-logs/a");

    await expect(ledger.openFile(file("a"))).rejects.toThrow("There is a file row");

    expect((await ledger.filesOfParts(["p1"])).get("p1")?.state).toBe("settled");
  });
});

function file(key: string): FileRow {
  return {
    id: `trail-logs/${key}`,
    bucket: "trail-logs",
    key,
    trailArn: "arn:aws:cloudtrail:us-east-1:111122223333:trail/example",
    recipientAccountId: "111122223333",
    awsRegion: "us-east-1",
    kind: "management",
    state: "open",
    leaseUntil: Date.UTC(2026, 0, 1),
  };
}
