/** A role's temporary keys, or a user's. */
export interface FunctionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/**
 * Where a function's SDK clients have their credentials from: its environment, which is where Lambda puts those of the
 * function's role. The bundles of functions have it in place of the SDK's own chain of providers (`scripts/function-bundles.ts`),
 * whose other links (profiles, single sign-on, containers, instances) are a fifth of a bundle and never come to pass there.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 * @returns what the SDK calls when it first signs a request; it rejects if the environment has no credentials
 */
export function defaultProvider(): () => Promise<FunctionCredentials> {
  return async () => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = process.env;
    if (!accessKeyId || !secretAccessKey) {
      throw new Error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set: Lambda gives functions both");
    }
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
  };
}
