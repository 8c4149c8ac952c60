import { KMSClient } from "@aws-sdk/client-kms";
import { type KmsKeySettings, kmsSigningKeys } from "../../adapters/aws/signing-keys.ts";
import { systemClock } from "../../adapters/system-clock.ts";
import type { SigningKeys } from "../../ports/signing-keys.ts";
import { dynamo } from "./dynamodb.ts";
import { REQUEST_LIMITS } from "./settings.ts";

/** The keys that digests are signed with. */
export function openSigningKeys(settings: KmsKeySettings): SigningKeys {
  return kmsSigningKeys(new KMSClient(REQUEST_LIMITS), dynamo(), systemClock, settings);
}
