import { readFile } from "node:fs/promises";
import type { KnownIdentity } from "../shared/api/caller.ts";
import type { ApiRequest } from "../shared/api/http.ts";
import { remediationAccount } from "../shared/api/remediation-identity.ts";
import { verifySignature } from "../shared/api/signature.ts";
import { isJsonObject, type JsonObject } from "../shared/event/json.ts";

/** The keys that requests may be signed with. */
export interface Credentials {
  readonly identities: ReadonlyMap<string, KnownIdentity>;
  /** @throws AwsError if the request is not signed as it must be */
  verify(request: ApiRequest, now: number): void;
}

/** The credentials file is not a list of keys. */
export class InvalidCredentialsFile extends Error {
  override readonly name = "InvalidCredentialsFile";
}

/** Any signature will do, and none as well. */
export const NO_CREDENTIALS: Credentials = {
  identities: new Map(),
  verify: () => undefined,
};

/**
 * Reads a JSON list of `{accessKeyId, secretAccessKey, accountId, userIdentity, import?}`.
 * @param remediationSecret what this host's own remediations sign with
 * @throws InvalidCredentialsFile
 */
export async function readCredentials(file: string, remediationSecret: string): Promise<Credentials> {
  const entries = await readEntries(file);
  const identities = new Map<string, KnownIdentity>();
  const secrets = new Map<string, string>();
  for (const [index, entry] of entries.entries()) {
    const place = `${file}, entry ${index}`;
    const accessKeyId = requireText(entry, "accessKeyId", place);
    if (identities.has(accessKeyId)) {
      throw new InvalidCredentialsFile(`${place}: the key ${accessKeyId} stands there twice`);
    }
    const accountId = requireText(entry, "accountId", place);
    if (!/^\d{12}$/.test(accountId)) {
      throw new InvalidCredentialsFile(`${place}: accountId must have 12 digits`);
    }
    if (remediationAccount(accessKeyId) !== undefined) {
      throw new InvalidCredentialsFile(`${place}: ${accessKeyId} is the key of OpenTrail's own remediations`);
    }
    const { userIdentity } = entry;
    if (!isJsonObject(userIdentity)) {
      throw new InvalidCredentialsFile(`${place}: userIdentity must be an object`);
    }
    secrets.set(accessKeyId, requireText(entry, "secretAccessKey", place));
    identities.set(accessKeyId, { accountId, userIdentity, mayImport: entry.import === true });
  }
  const secretOf = (accessKeyId: string): string | undefined =>
    remediationAccount(accessKeyId) === undefined ? secrets.get(accessKeyId) : remediationSecret;
  return { identities, verify: (request, now) => verifySignature(request, secretOf, now) };
}

async function readEntries(file: string): Promise<readonly JsonObject[]> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw new InvalidCredentialsFile(
      `The credentials file ${file} cannot be read: ${(cause as Error).message}`,
      {
        cause,
      },
    );
  }
  if (!Array.isArray(value) || value.length === 0 || !value.every(isJsonObject)) {
    throw new InvalidCredentialsFile(`The credentials file ${file} must be a JSON list of keys`);
  }
  return value;
}

function requireText(entry: JsonObject, name: string, place: string): string {
  const value = entry[name];
  if (typeof value !== "string" || value === "") {
    throw new InvalidCredentialsFile(`${place}: ${name} must be a string`);
  }
  return value;
}
