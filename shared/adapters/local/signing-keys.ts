import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  generateKeyPair,
  type KeyObject,
  randomBytes,
  scryptSync,
  sign,
} from "node:crypto";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { isValidWithin, newValidity, replacedUntil } from "../../integrity/key-ring.ts";
import { fingerprintOf, pkcs1OfKey } from "../../integrity/public-key.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PublicSigningKey, SigningKeys } from "../../ports/signing-keys.ts";
import { isMissing, moveIntoPlace, syncFolders, writeDurableFile } from "./durable-file.ts";

/** The private keys are sealed with another passphrase, or with one where none was given. */
export class WrongKeyPassphrase extends Error {
  override readonly name = "WrongKeyPassphrase";
}

/** How keys are kept and when they are replaced. */
export interface LocalKeySettings {
  /** Seals the private keys. Without one, only the file's mode protects them. */
  readonly passphrase?: string;
  /** How long a key is used, in ms. */
  readonly maxAgeMs: number;
}

/** The file's entry of a key. */
interface StoredKey extends Omit<PublicSigningKey, "publicKey"> {
  /** Base64 of PKCS#1 DER. */
  readonly publicKey: string;
  /** Gone once the key is replaced: nothing can be signed with it any more. */
  readonly privateKey?: StoredPrivateKey;
}

/** PKCS#8 DER in base64; sealed with AES-256-GCM under scrypt of the passphrase where there is a salt. */
interface StoredPrivateKey {
  readonly data: string;
  readonly salt?: string;
  readonly iv?: string;
  readonly tag?: string;
}

const FILE = "signing-keys.json";

/** Signing keys in a file of the data folder that only its owner can read. The data folder must be locked to this process. */
export class LocalSigningKeys implements SigningKeys {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #settings: LocalKeySettings;
  readonly #privateKeys = new Map<string, KeyObject>();
  #keys: readonly StoredKey[] | undefined;
  /** One change at a time. */
  #changes: Promise<unknown> = Promise.resolve();

  constructor(folder: string, clock: Clock, settings: LocalKeySettings) {
    this.#file = path.join(folder, FILE);
    this.#clock = clock;
    this.#settings = settings;
  }

  current(region: string): Promise<PublicSigningKey> {
    return this.#alone(async () => {
      const key = (await this.#read()).find((stored) => stored.region === region && stored.privateKey);
      return key !== undefined && this.#clock.now() < key.validUntil
        ? publicHalf(key)
        : this.#replace(region);
    });
  }

  async sign({ fingerprint }: PublicSigningKey, text: Uint8Array): Promise<Buffer> {
    const stored = (await this.#read()).find((key) => key.fingerprint === fingerprint);
    if (stored?.privateKey === undefined) {
      throw new Error(`The private key of ${fingerprint} is gone: it was replaced`);
    }
    const key = this.#privateKeys.get(fingerprint) ?? openKey(stored.privateKey, this.#settings.passphrase);
    this.#privateKeys.set(fingerprint, key);
    return sign("sha256", text, key);
  }

  async list(region: string, from: number, until: number): Promise<readonly PublicSigningKey[]> {
    return (await this.all()).filter((key) => key.region === region && isValidWithin(key, from, until));
  }

  async all(): Promise<readonly PublicSigningKey[]> {
    return (await this.#read()).map(publicHalf);
  }

  rotate(region: string): Promise<PublicSigningKey> {
    return this.#alone(() => this.#replace(region));
  }

  async #replace(region: string): Promise<PublicSigningKey> {
    const now = this.#clock.now();
    const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
    const publicKey = pkcs1OfKey(privateKey);
    const made: StoredKey = {
      region,
      fingerprint: fingerprintOf(publicKey),
      publicKey: publicKey.toString("base64"),
      ...newValidity(now, this.#settings.maxAgeMs),
      privateKey: sealKey(privateKey, this.#settings.passphrase),
    };
    const before = (await this.#read()).map((key) => {
      if (key.region !== region || key.privateKey === undefined) {
        return key;
      }
      const { privateKey: _, ...rest } = key;
      return { ...rest, validUntil: replacedUntil(key, now) };
    });
    await this.#write([...before, made]);
    return publicHalf(made);
  }

  async #read(): Promise<readonly StoredKey[]> {
    this.#keys ??= await readKeys(this.#file);
    return this.#keys;
  }

  async #write(keys: readonly StoredKey[]): Promise<void> {
    const temporary = `${this.#file}.${randomBytes(6).toString("hex")}`;
    await writeDurableFile(temporary, Buffer.from(`${JSON.stringify(keys, null, 2)}\n`));
    await syncFolders(moveIntoPlace(temporary, this.#file));
    this.#keys = keys;
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#changes.then(work);
    this.#changes = result.catch(() => undefined);
    return result;
  }
}

async function readKeys(file: string): Promise<readonly StoredKey[]> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as readonly StoredKey[];
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}

function publicHalf({ privateKey: _, publicKey, ...key }: StoredKey): PublicSigningKey {
  return { ...key, publicKey: Buffer.from(publicKey, "base64") };
}

function sealKey(key: KeyObject, passphrase: string | undefined): StoredPrivateKey {
  const der = key.export({ type: "pkcs8", format: "der" });
  if (passphrase === undefined) {
    return { data: der.toString("base64") };
  }
  const salt = randomBytes(16);
  const iv = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", scryptSync(passphrase, salt, 32), iv);
  const data = Buffer.concat([cipher.update(der), cipher.final()]);
  return {
    data: data.toString("base64"),
    salt: salt.toString("base64"),
    iv: iv.toString("base64"),
    tag: cipher.getAuthTag().toString("base64"),
  };
}

function openKey({ data, salt, iv, tag }: StoredPrivateKey, passphrase: string | undefined): KeyObject {
  const bytes = Buffer.from(data, "base64");
  return createPrivateKey({
    key: salt && iv && tag ? unseal(bytes, { salt, iv, tag }, passphrase) : bytes,
    type: "pkcs8",
    format: "der",
  });
}

function unseal(
  data: Buffer,
  { salt, iv, tag }: { readonly salt: string; readonly iv: string; readonly tag: string },
  passphrase: string | undefined,
): Buffer {
  if (passphrase === undefined) {
    throw new WrongKeyPassphrase("The signing keys are sealed, and no passphrase was given");
  }
  const secret = scryptSync(passphrase, Buffer.from(salt, "base64"), 32);
  const decipher = createDecipheriv("aes-256-gcm", secret, Buffer.from(iv, "base64"));
  decipher.setAuthTag(Buffer.from(tag, "base64"));
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]);
  } catch (cause) {
    throw new WrongKeyPassphrase("The signing keys are sealed with another passphrase", { cause });
  }
}
