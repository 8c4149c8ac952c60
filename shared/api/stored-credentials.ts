import type { Clock } from "../ports/clock.ts";
import type { Secrets } from "../ports/secrets.ts";
import { type Credentials, InvalidCredentials, parseCredentials } from "./credentials.ts";
import { commonError } from "./errors.ts";
import { keptFor } from "./kept-value.ts";

/** For how long keys are kept that were read, in ms: within it a new key begins to work, and a removed one ends. */
export const KEYS_KEPT_MS = 60_000;

/** Where keys are read, and who is told of what is wrong with them. */
export interface StoredCredentialsParts {
  readonly secrets: Secrets;
  readonly clock: Pick<Clock, "now">;
  /** The secret that holds the JSON list of keys. */
  readonly credentialsSecret: string;
  /** The secret that remediations sign with. Without it their keys are unknown. */
  readonly remediationSecret?: string;
  /** Told once a reading, in words that give no secret away. */
  readonly reportProblem: (message: string, cause?: unknown) => void;
}

/**
 * The keys in a secret, read again when they are a minute old. While there are none, every key but that of remediations
 * is unknown.
 *
 * What is answered throws an AwsError ServiceUnavailable when the secret is no list of keys, or cannot be read: nothing is
 * let in by keys that may not be the operator's any more.
 */
export function storedCredentials(parts: StoredCredentialsParts): () => Promise<Credentials> {
  const { clock, reportProblem } = parts;
  const kept = keptFor(clock, KEYS_KEPT_MS, () => readCredentials(parts));
  return async () => {
    let credentials: Credentials | undefined;
    try {
      credentials = await kept();
    } catch (error) {
      reportProblem("The secret with the endpoint's keys cannot be read", error);
    }
    if (credentials === undefined) {
      throw commonError("ServiceUnavailable", "The endpoint's keys cannot be read. Its log says why.");
    }
    return credentials;
  };
}

/** The credentials; undefined if the secret holds something else. That is kept as well: only its owner can mend it. */
async function readCredentials(parts: StoredCredentialsParts): Promise<Credentials | undefined> {
  const { secrets, credentialsSecret, remediationSecret, reportProblem } = parts;
  const [text, secret] = await Promise.all([
    secrets.read(credentialsSecret),
    remediationSecret === undefined ? undefined : secrets.read(remediationSecret),
  ]);
  try {
    const credentials = parseCredentials(
      text || "[]",
      `The secret ${credentialsSecret}`,
      secret || undefined,
    );
    if (credentials.identities.size === 0) {
      reportProblem(`The secret ${credentialsSecret} has no keys: every signed request is refused`);
    }
    return credentials;
  } catch (error) {
    if (!(error instanceof InvalidCredentials)) throw error;
    reportProblem(`Every request is refused. ${error.message}`);
    return undefined;
  }
}
