import { createPublicKey, verify } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient, ListKeysCommand } from "@aws-sdk/client-kms";
import { expect, it } from "vitest";
import { kmsSigningKeys } from "../../shared/adapters/aws/signing-keys.ts";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { createTable } from "../support/aws-tables.ts";
import { describeWithMoto } from "../support/moto.ts";

const NOW = Date.UTC(2026, 10, 23, 10);
const DAY = 24 * 60 * 60_000;
const TEXT = Buffer.from("2026-11-23T10:00:00Z\ntrail-logs/digest\nabc\nnull");

describeWithMoto("signing keys: KMS in moto", (config) => {
  async function prepare() {
    const clock = new MemoryClock(NOW);
    const dynamo = new DynamoDBClient(config());
    const kms = new KMSClient(config());
    const table = await createTable(dynamo, "digests");
    return { clock, kms, keys: kmsSigningKeys(kms, dynamo, clock, { table, maxAgeMs: 90 * DAY }) };
  }

  it("one key signs for all regions, and its public half verifies as PKCS#1", async () => {
    const { keys } = await prepare();

    const one = await keys.current("us-east-1");
    const other = await keys.current("eu-west-1");
    const signature = await keys.sign(one, TEXT);

    const publicKey = createPublicKey({ key: one.publicKey, type: "pkcs1", format: "der" });
    expect(other).toEqual({ ...one, region: "eu-west-1" });
    expect(verify("sha256", TEXT, publicKey, signature)).toBe(true);
    expect(await keys.list("ap-south-1", NOW, NOW)).toEqual([{ ...one, region: "ap-south-1" }]);
  });

  it("a key that was replaced signs no more and stays listed for its time", async () => {
    const { keys, clock } = await prepare();
    const old = await keys.current("us-east-1");
    clock.advance(90 * DAY);

    const next = await keys.current("us-east-1");

    expect(next.fingerprint).not.toBe(old.fingerprint);
    await expect(keys.sign(old, TEXT)).rejects.toThrow("replaced");
    expect((await keys.list("us-east-1", NOW, NOW + DAY)).map(({ fingerprint }) => fingerprint)).toEqual([
      old.fingerprint,
    ]);
    expect(await keys.all()).toHaveLength(2);
  });

  it("first uses at the same time agree on one key", async () => {
    const { keys, kms } = await prepare();
    const before = (await kms.send(new ListKeysCommand({}))).Keys?.length ?? 0;

    const all = await Promise.all([keys.current("us-east-1"), keys.current("eu-west-1")]);

    const made = ((await kms.send(new ListKeysCommand({}))).Keys?.length ?? 0) - before;
    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(1);
    expect(made).toBeGreaterThanOrEqual(1);
  });
});
