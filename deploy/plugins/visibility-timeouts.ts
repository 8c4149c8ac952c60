import type { Hooks, Serverless } from "./serverless.ts";

/** How long a worker may hold a log file, in seconds: a message that comes again earlier finds it held. */
const LEASE_SECONDS = 60;

/**
 * Sets the queues' visibility timeouts: the window in which a batch is gathered, and six times the timeout of the
 * function, so that Lambda can try a throttled batch again before its messages show for others.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export default class VisibilityTimeouts {
  readonly hooks: Hooks;

  constructor(serverless: Serverless) {
    this.hooks = {
      "after:aws:package:finalize:mergeCustomProviderResources": () => setVisibilityTimeouts(serverless),
    };
  }
}

function setVisibilityTimeouts({ service: { provider, functions } }: Serverless): void {
  const { Resources } = provider.compiledCloudFormationTemplate;
  for (const { events = [], timeout = provider.timeout } of Object.values(functions)) {
    for (const { sqs } of events) {
      const [queue] = (sqs?.arn as { "Fn::GetAtt"?: [string, string] } | undefined)?.["Fn::GetAtt"] ?? [];
      const properties = Resources[queue ?? ""]?.Properties;
      if (properties === undefined) continue;
      const window = Number(sqs?.maximumBatchingWindow ?? 0);
      properties.VisibilityTimeout = Math.max(LEASE_SECONDS, window + 6 * timeout);
    }
  }
}
