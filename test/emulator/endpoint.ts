import { PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import type { Endpoint } from "../../cli/endpoint-client.ts";
import { KEY, output, secrets } from "./world.ts";

/** The stack's endpoint, as `opentrail`'s commands talk to it. */
export function endpointSettings(): Endpoint {
  return { url: endpointUrl(), region: "us-east-1", keys: KEY };
}

/** The function URL, without a slash at its end. */
export function endpointUrl(): string {
  return output("EndpointUrl").replace(/\/$/, "");
}

/** Puts the tests' key into the secret that the endpoint checks signatures with. */
export async function makeCallable(): Promise<void> {
  await secrets.send(
    new PutSecretValueCommand({
      SecretId: output("CredentialsSecretArn"),
      SecretString: JSON.stringify([KEY]),
    }),
  );
}
