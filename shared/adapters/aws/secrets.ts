import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import type { Secrets } from "../../ports/secrets.ts";

/**
 * Secrets in AWS Secrets Manager, named by their ARN or name. A secret that was made without a value has none, and is
 * answered as if it were not there.
 */
export function secretsManagerSecrets(client: SecretsManagerClient): Secrets {
  return {
    async read(id) {
      try {
        return (await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return undefined;
        throw error;
      }
    },
  };
}
