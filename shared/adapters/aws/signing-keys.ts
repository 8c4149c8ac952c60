import { type DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import {
  CreateKeyCommand,
  GetPublicKeyCommand,
  type KMSClient,
  ScheduleKeyDeletionCommand,
  SignCommand,
} from "@aws-sdk/client-kms";
import { isValidWithin, newValidity, replacedUntil } from "../../integrity/key-ring.ts";
import { fingerprintOf, pkcs1OfSpki } from "../../integrity/public-key.ts";
import type { Clock } from "../../ports/clock.ts";
import type { PublicSigningKey, SigningKeys } from "../../ports/signing-keys.ts";
import { holds, N, numberOf, S, stringOf } from "./dynamodb-items.ts";

/** Where the list of keys is kept, and how long a key is used. */
export interface KmsKeySettings {
  /** The table `digests` of `tables.ts`. */
  readonly table: string;
  readonly maxAgeMs: number;
}

/** An entry of the list. Regions share their keys, since a key costs by the month. */
interface StoredKey extends Omit<PublicSigningKey, "publicKey" | "region"> {
  readonly keyId: string;
  /** Base64 of PKCS#1 DER. */
  readonly publicKey: string;
  readonly isReplaced: boolean;
}

const LIST = { chain: S("signing-keys"), item: S("keys") };

/** KMS keeps a key for a week at least before it deletes it; what was signed with it stays verifiable by the list. */
const DELETED_AFTER_DAYS = 7;

/** The tag of signing keys: its value is the table that lists them, so that a role may be granted those of its stack. */
const TAG = "opentrail-signing-keys";

async function readList(
  dynamo: DynamoDBClient,
  table: string,
): Promise<{ readonly version: number; readonly keys: readonly StoredKey[] }> {
  const { Item: item } = await dynamo.send(
    new GetItemCommand({ TableName: table, Key: LIST, ConsistentRead: true }),
  );
  return item === undefined
    ? { version: 0, keys: [] }
    : {
        version: numberOf(item, "version") ?? 0,
        keys: JSON.parse(stringOf(item, "document")) as readonly StoredKey[],
      };
}

/** The ids of the KMS keys that a table lists and that were not replaced, which KMS charges for. */
export async function signingKeysInUse(dynamo: DynamoDBClient, table: string): Promise<readonly string[]> {
  const { keys } = await readList(dynamo, table);
  return keys.filter(({ isReplaced }) => !isReplaced).map(({ keyId }) => keyId);
}

/** Has KMS delete a key, for good. */
export async function deleteSigningKey(kms: KMSClient, keyId: string): Promise<void> {
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: DELETED_AFTER_DAYS }));
}

/**
 * Signing keys that never leave KMS. One key serves all regions, and is listed in each. The public keys are kept in a list
 * of their own, in one item with a version, for as long as digests may be validated; a key that was replaced is deleted.
 */
export function kmsSigningKeys(
  kms: KMSClient,
  dynamo: DynamoDBClient,
  clock: Clock,
  { table, maxAgeMs }: KmsKeySettings,
): SigningKeys {
  const read = () => readList(dynamo, table);

  function write(keys: readonly StoredKey[], version: number): Promise<boolean> {
    return holds(
      dynamo.send(
        new PutItemCommand({
          TableName: table,
          Item: { ...LIST, version: N(version + 1), document: S(JSON.stringify(keys)) },
          ConditionExpression: version === 0 ? "attribute_not_exists(version)" : "version = :version",
          ...(version > 0 && { ExpressionAttributeValues: { ":version": N(version) } }),
        }),
      ),
    );
  }

  async function make(): Promise<StoredKey> {
    const { KeyMetadata } = await kms.send(
      new CreateKeyCommand({
        KeyUsage: "SIGN_VERIFY",
        KeySpec: "RSA_2048",
        Description: "OpenTrail signs digest files with it",
        Tags: [{ TagKey: TAG, TagValue: table }],
      }),
    );
    const keyId = KeyMetadata?.KeyId ?? "";
    const { PublicKey: spki } = await kms.send(new GetPublicKeyCommand({ KeyId: keyId }));
    const publicKey = pkcs1OfSpki(spki ?? new Uint8Array());
    return {
      keyId,
      publicKey: publicKey.toString("base64"),
      fingerprint: fingerprintOf(publicKey),
      ...newValidity(clock.now(), maxAgeMs),
      isReplaced: false,
    };
  }

  const discard = ({ keyId }: StoredKey): Promise<void> => deleteSigningKey(kms, keyId);

  /** Replaces the key in use, unless somebody else did since `version` was read. Answers the key in use then. */
  async function replace(keys: readonly StoredKey[], version: number): Promise<StoredKey> {
    const made = await make();
    const replaced = keys.filter(({ isReplaced }) => !isReplaced);
    const before = keys.map((key) =>
      key.isReplaced ? key : { ...key, isReplaced: true, validUntil: replacedUntil(key, clock.now()) },
    );
    if (await write([...before, made], version)) {
      for (const key of replaced) await discard(key);
      return made;
    }
    await discard(made);
    const inUse = (await read()).keys.find(({ isReplaced }) => !isReplaced);
    if (inUse === undefined) throw new Error("The list of signing keys is changed by others without pause");
    return inUse;
  }

  return {
    async current(region) {
      const { keys, version } = await read();
      const key = keys.find(({ isReplaced }) => !isReplaced);
      return publicHalf(
        key !== undefined && clock.now() < key.validUntil ? key : await replace(keys, version),
        region,
      );
    },

    async sign({ fingerprint }, text) {
      const key = (await read()).keys.find((stored) => stored.fingerprint === fingerprint);
      if (key === undefined || key.isReplaced) {
        throw new Error(`The private key of ${fingerprint} is gone: it was replaced`);
      }
      const { Signature: signature } = await kms.send(
        new SignCommand({
          KeyId: key.keyId,
          Message: text,
          MessageType: "RAW",
          SigningAlgorithm: "RSASSA_PKCS1_V1_5_SHA_256",
        }),
      );
      return Buffer.from(signature ?? []);
    },

    async list(region, from, until) {
      const keys = (await read()).keys.map((key) => publicHalf(key, region));
      return keys.filter((key) => isValidWithin(key, from, until));
    },

    async all() {
      return (await read()).keys.map((key) => publicHalf(key, "*"));
    },

    async rotate(region) {
      const { keys, version } = await read();
      return publicHalf(await replace(keys, version), region);
    },
  };
}

function publicHalf(
  { fingerprint, publicKey, validFrom, validUntil }: StoredKey,
  region: string,
): PublicSigningKey {
  return { region, fingerprint, publicKey: Buffer.from(publicKey, "base64"), validFrom, validUntil };
}
