import { type SigningKeys, signingKeysFrom } from "../shared/api/sign-request.ts";

/**
 * Keys to sign with, or what gives them: called before each call, so that it may give new ones. The providers of
 * `@aws-sdk/credential-providers` are such functions.
 */
export type AuditCredentials = SigningKeys | (() => Promise<SigningKeys>);

/** The keys of the moment: the option's, or the environment's as Lambda sets it; undefined if there are none. */
export async function currentKeys(
  credentials: AuditCredentials | undefined,
): Promise<SigningKeys | undefined> {
  if (credentials === undefined) return signingKeysFrom(process.env);
  return typeof credentials === "function" ? credentials() : credentials;
}
