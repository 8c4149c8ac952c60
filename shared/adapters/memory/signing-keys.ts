import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { isValidWithin, newValidity, replacedUntil } from "../../integrity/key-ring.ts";
import { fingerprintOf, pkcs1OfKey } from "../../integrity/public-key.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PublicSigningKey, SigningKeys } from "../../ports/signing-keys.ts";

/** Signing keys that end with the process. */
export class MemorySigningKeys implements SigningKeys {
  readonly #clock: Clock;
  readonly #maxAgeMs: number;
  readonly #privateKeys = new Map<string, KeyObject>();
  #keys: readonly PublicSigningKey[] = [];

  constructor(clock: Clock, maxAgeMs: number) {
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  async current(region: string): Promise<PublicSigningKey> {
    const key = this.#inUse(region);
    return key !== undefined && this.#clock.now() < key.validUntil ? key : this.rotate(region);
  }

  async sign({ fingerprint }: PublicSigningKey, text: Uint8Array): Promise<Buffer> {
    const key = this.#privateKeys.get(fingerprint);
    if (key === undefined) {
      throw new Error(`The private key of ${fingerprint} is gone: it was replaced`);
    }
    return sign("sha256", text, key);
  }

  async list(region: string, from: number, until: number): Promise<readonly PublicSigningKey[]> {
    return this.#keys.filter((key) => key.region === region && isValidWithin(key, from, until));
  }

  async all(): Promise<readonly PublicSigningKey[]> {
    return this.#keys;
  }

  async rotate(region: string): Promise<PublicSigningKey> {
    const now = this.#clock.now();
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const publicKey = pkcs1OfKey(privateKey);
    const fingerprint = fingerprintOf(publicKey);
    const made = { region, fingerprint, publicKey, ...newValidity(now, this.#maxAgeMs) };
    const replaced = this.#inUse(region)?.fingerprint;
    this.#keys = [
      ...this.#keys.map((key) =>
        key.fingerprint === replaced ? { ...key, validUntil: replacedUntil(key, now) } : key,
      ),
      made,
    ];
    this.#privateKeys.delete(replaced ?? "");
    this.#privateKeys.set(fingerprint, privateKey);
    return made;
  }

  #inUse(region: string): PublicSigningKey | undefined {
    return this.#keys.find((key) => key.region === region && this.#privateKeys.has(key.fingerprint));
  }
}
