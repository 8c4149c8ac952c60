import { createPublicKey, verify } from "node:crypto";
import { mkdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { LocalSigningKeys, WrongKeyPassphrase } from "../../shared/adapters/local/signing-keys.ts";
import { MemoryClock } from "../../shared/adapters/memory/clock.ts";
import { MemorySigningKeys } from "../../shared/adapters/memory/signing-keys.ts";
import type { PublicSigningKey, SigningKeys } from "../../shared/ports/signing-keys.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const NOW = Date.UTC(2026, 10, 23, 10);
const DAY = 24 * 60 * 60_000;
const HOUR = DAY / 24;
const TEXT = Buffer.from("2026-11-23T10:00:00Z\ntrail-logs/digest\nabc\nnull");

const folder = temporaryFolder();
let made = 0;
const freshFolder = (): string => {
  made += 1;
  const fresh = path.join(folder.path, String(made));
  mkdirSync(fresh);
  return fresh;
};

function isSigned(key: PublicSigningKey, signature: Buffer): boolean {
  const publicKey = createPublicKey({ key: key.publicKey, type: "pkcs1", format: "der" });
  return verify("sha256", TEXT, publicKey, signature);
}

const ADAPTERS: readonly (readonly [string, (clock: MemoryClock) => SigningKeys])[] = [
  ["memory", (clock) => new MemorySigningKeys(clock, 90 * DAY)],
  ["local", (clock) => new LocalSigningKeys(freshFolder(), clock, { maxAgeMs: 90 * DAY })],
];

describe.each(ADAPTERS)("signing keys: %s", (_name, make) => {
  const prepare = () => {
    const clock = new MemoryClock(NOW);
    return { clock, keys: make(clock) };
  };

  it("a region has one key of its own, made on first use, which signs", async () => {
    const { keys } = prepare();

    const [one, again, other] = [
      await keys.current("us-east-1"),
      await keys.current("us-east-1"),
      await keys.current("eu-west-1"),
    ];

    expect(again).toEqual(one);
    expect(other.fingerprint).not.toBe(one.fingerprint);
    expect(one.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(isSigned(one, await keys.sign(one, TEXT))).toBe(true);
  });

  it("first uses at the same time make one key", async () => {
    const { keys } = prepare();

    const all = await Promise.all(Array.from({ length: 4 }, () => keys.current("us-east-1")));

    expect(new Set(all.map(({ fingerprint }) => fingerprint)).size).toBe(1);
  });

  it("a key that was replaced signs no more, and stays listed for the time it was used in", async () => {
    const { clock, keys } = prepare();
    const old = await keys.current("us-east-1");
    clock.advance(DAY);

    const next = await keys.rotate("us-east-1");

    expect(await keys.current("us-east-1")).toEqual(next);
    await expect(keys.sign(old, TEXT)).rejects.toThrow("replaced");
    const listed = async (from: number, until: number) =>
      (await keys.list("us-east-1", from, until)).map(({ fingerprint }) => fingerprint);
    expect(await listed(NOW, NOW + HOUR)).toEqual([old.fingerprint]);
    expect(await listed(NOW + 3 * DAY, NOW + 4 * DAY)).toEqual([next.fingerprint]);
    expect(await listed(NOW, NOW + 4 * DAY)).toEqual([old.fingerprint, next.fingerprint]);
    expect(await keys.list("eu-west-1", NOW, NOW + DAY)).toEqual([]);
  });

  it("a key that is too old is replaced when it would sign", async () => {
    const { clock, keys } = prepare();
    const old = await keys.current("us-east-1");
    clock.advance(90 * DAY);

    const next = await keys.current("us-east-1");

    expect(next.fingerprint).not.toBe(old.fingerprint);
    expect(await keys.all()).toHaveLength(2);
  });
});

describe("signing keys in a file", () => {
  it("only the owner can read the file, and another process finds the keys in it", async () => {
    const place = freshFolder();
    const clock = new MemoryClock(NOW);
    const key = await new LocalSigningKeys(place, clock, { maxAgeMs: DAY }).current("us-east-1");

    const later = new LocalSigningKeys(place, clock, { maxAgeMs: DAY });

    expect(statSync(path.join(place, "signing-keys.json")).mode & 0o777).toBe(0o600);
    expect(await later.current("us-east-1")).toEqual(key);
    expect(isSigned(key, await later.sign(key, TEXT))).toBe(true);
  });

  it("a passphrase seals the private keys: without it, or with another, nothing is signed", async () => {
    const place = freshFolder();
    const clock = new MemoryClock(NOW);
    const keysWith = (passphrase?: string) =>
      new LocalSigningKeys(place, clock, { maxAgeMs: DAY, ...(passphrase && { passphrase }) });
    const key = await keysWith("correct").current("us-east-1");

    expect(readFileSync(path.join(place, "signing-keys.json"), "utf8")).toContain('"salt"');
    expect(isSigned(key, await keysWith("correct").sign(key, TEXT))).toBe(true);
    await expect(keysWith("wrong").sign(key, TEXT)).rejects.toThrow(WrongKeyPassphrase);
    await expect(keysWith().sign(key, TEXT)).rejects.toThrow(WrongKeyPassphrase);
  });
});
