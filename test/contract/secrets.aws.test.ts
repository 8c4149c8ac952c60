import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { expect, it } from "vitest";
import { secretsManagerSecrets } from "../../shared/adapters/aws/secrets.ts";
import { describeWithMoto } from "../support/moto.ts";

describeWithMoto("secrets in Secrets Manager, over moto", (config) => {
  it("are read as they are now, by name or ARN", async () => {
    const client = new SecretsManagerClient(config());
    const secrets = secretsManagerSecrets(client);
    const { ARN = "" } = await client.send(new CreateSecretCommand({ Name: "keys", SecretString: "[]" }));

    const before = await secrets.read("keys");
    await client.send(new PutSecretValueCommand({ SecretId: "keys", SecretString: "[1]" }));

    expect([before, await secrets.read(ARN)]).toEqual(["[]", "[1]"]);
  });

  it("are undefined where there is none, or none with a value", async () => {
    const client = new SecretsManagerClient(config());
    await client.send(new CreateSecretCommand({ Name: "empty" }));
    const secrets = secretsManagerSecrets(client);

    expect([await secrets.read("nobody"), await secrets.read("empty")]).toEqual([undefined, undefined]);
  });

  it("that cannot be asked for are an error", async () => {
    const settings = { ...config(), endpoint: "http://127.0.0.1:9", maxAttempts: 1 };

    await expect(secretsManagerSecrets(new SecretsManagerClient(settings)).read("keys")).rejects.toThrow();
  });
});
