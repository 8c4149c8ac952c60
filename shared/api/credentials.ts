import { isJsonObject, type JsonObject } from "../event/json.ts";
import type { KnownIdentity } from "./caller.ts";
import type { ApiRequest } from "./http.ts";
import { remediationAccount } from "./remediation-identity.ts";
import { verifySignature } from "./signature.ts";

/** The keys that requests may be signed with. */
export interface Credentials {
  readonly identities: ReadonlyMap<string, KnownIdentity>;
  /** @throws AwsError if the request is not signed as it must be */
  verify(request: ApiRequest, now: number): void;
}

/** What should be a list of keys is none. */
export class InvalidCredentials extends Error {
  override readonly name = "InvalidCredentials";
}

/** Any signature will do, and none as well. */
export const NO_CREDENTIALS: Credentials = {
  identities: new Map(),
  verify: () => undefined,
};

/**
 * Reads a JSON list of `{accessKeyId, secretAccessKey, accountId, userIdentity, import?}`. With an empty one every
 * request is refused but those of remediations.
 * @param text the list
 * @param source what the text was read from, for messages
 * @param remediationSecret what the host's own remediations sign with; without it their keys are unknown
 * @throws InvalidCredentials
 */
export function parseCredentials(
  text: string,
  source: string,
  remediationSecret: string | undefined,
): Credentials {
  const identities = new Map<string, KnownIdentity>();
  const secrets = new Map<string, string>();
  for (const [index, entry] of parseEntries(text, source).entries()) {
    const place = `${source}, entry ${index}`;
    const accessKeyId = requireText(entry, "accessKeyId", place);
    if (identities.has(accessKeyId)) {
      throw new InvalidCredentials(`${place}: the key ${accessKeyId} stands there twice`);
    }
    const accountId = requireText(entry, "accountId", place);
    if (!/^\d{12}$/.test(accountId)) {
      throw new InvalidCredentials(`${place}: accountId must have 12 digits`);
    }
    if (remediationAccount(accessKeyId) !== undefined) {
      throw new InvalidCredentials(`${place}: ${accessKeyId} is the key of OpenTrail's own remediations`);
    }
    const { userIdentity } = entry;
    if (!isJsonObject(userIdentity)) {
      throw new InvalidCredentials(`${place}: userIdentity must be an object`);
    }
    secrets.set(accessKeyId, requireText(entry, "secretAccessKey", place));
    identities.set(accessKeyId, { accountId, userIdentity, mayImport: entry.import === true });
  }
  const secretOf = (accessKeyId: string): string | undefined =>
    remediationAccount(accessKeyId) === undefined ? secrets.get(accessKeyId) : remediationSecret;
  return { identities, verify: (request, now) => verifySignature(request, secretOf, now) };
}

function parseEntries(text: string, source: string): readonly JsonObject[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text, and there are secrets in it.
    throw new InvalidCredentials(`${source} is no JSON`);
  }
  if (!Array.isArray(value) || !value.every(isJsonObject)) {
    throw new InvalidCredentials(`${source} must be a JSON list of keys`);
  }
  return value;
}

function requireText(entry: JsonObject, name: string, place: string): string {
  const value = entry[name];
  if (typeof value !== "string" || value === "") {
    throw new InvalidCredentials(`${place}: ${name} must be a string`);
  }
  return value;
}
