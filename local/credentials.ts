import { readFile } from "node:fs/promises";
import { type Credentials, InvalidCredentials, parseCredentials } from "../shared/api/credentials.ts";

/**
 * Reads a file with a JSON list of `{accessKeyId, secretAccessKey, accountId, userIdentity, import?}`.
 * @param remediationSecret what this host's own remediations sign with
 * @throws InvalidCredentials
 */
export async function readCredentials(file: string, remediationSecret: string): Promise<Credentials> {
  const source = `The credentials file ${file}`;
  const credentials = parseCredentials(await readText(file, source), source, remediationSecret);
  if (credentials.identities.size === 0) {
    throw new InvalidCredentials(`${source} must be a JSON list of keys, and has none`);
  }
  return credentials;
}

async function readText(file: string, source: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new InvalidCredentials(`${source} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
