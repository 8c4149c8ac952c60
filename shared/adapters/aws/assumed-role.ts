import { AssumeRoleCommand, type STSClient, type STSClientConfig } from "@aws-sdk/client-sts";

/** What an SDK client asks for its credentials. */
type CredentialProvider = Extract<NonNullable<STSClientConfig["credentials"]>, () => unknown>;

/** The least and the default: a session that is given away is worth an hour. */
const SESSION_SECONDS = 3_600;

/** As the SDK's clients do: new credentials are asked for while the old ones still hold. */
const RENEW_BEFORE_MS = 5 * 60_000;

/**
 * Credentials of a role, for as many clients as share them: STS is asked once an hour.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * @param sessionName of 2 to 64 characters: names the session in the calls' records
 * @throws Error of STS where the role may not be assumed
 */
export function assumedRole(client: STSClient, roleArn: string, sessionName: string): CredentialProvider {
  type Credentials = Awaited<ReturnType<CredentialProvider>>;
  let current: Promise<Credentials> | undefined;
  let renewAt = 0;

  async function assume(): Promise<Credentials> {
    const { Credentials: issued } = await client.send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: sessionName,
        DurationSeconds: SESSION_SECONDS,
      }),
    );
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = issued ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw new Error(`STS gave no credentials for ${roleArn}`);
    }
    renewAt = Expiration.getTime() - RENEW_BEFORE_MS;
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  }

  return async () => {
    if (current === undefined || Date.now() >= renewAt) {
      renewAt = Number.POSITIVE_INFINITY;
      current = assume().catch((error: unknown) => {
        current = undefined;
        throw error;
      });
    }
    return current;
  };
}
