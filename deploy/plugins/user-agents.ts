import type { Hooks, Serverless } from "./serverless.ts";

/**
 * On an emulator each function names itself in the user agent of its calls, so that they can be counted between the two. Does
 * nothing where `AWS_ENDPOINT_URL` is not set: with a stage's name, and with what Powertools adds, names would be longer than the 50
 * characters that the SDK takes without a warning in the log.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-appid.html
 */
export default class UserAgents {
  readonly hooks: Hooks;

  constructor(serverless: Serverless) {
    this.hooks = process.env.AWS_ENDPOINT_URL
      ? { "before:package:setupProviderConfiguration": () => nameFunctions(serverless) }
      : {};
  }
}

function nameFunctions({ service }: Serverless): void {
  for (const [name, settings] of Object.entries(service.functions)) {
    settings.environment = { ...settings.environment, AWS_SDK_UA_APP_ID: name };
  }
}
