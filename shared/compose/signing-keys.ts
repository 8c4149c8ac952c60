import type { KmsKeySettings } from "../adapters/aws/signing-keys.ts";
import type { Environment } from "./environment.ts";

/** Where the keys that digests are signed with are listed, and for how long one signs. @throws InvalidEnvironment */
export function signingKeySettings(env: Environment): KmsKeySettings {
  return {
    table: env.text("OPENTRAIL_DIGESTS_TABLE"),
    maxAgeMs: env.integer("OPENTRAIL_SIGNING_KEY_AGE_DAYS", 1, 3_650, 90) * 24 * 60 * 60_000,
  };
}
