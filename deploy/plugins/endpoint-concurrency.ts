import type { Hooks, Serverless } from "./serverless.ts";

/**
 * Reserves the concurrency that a parameter gives the endpoint, whose function URL anybody may call: so many of the
 * account's executions, and no more, can a flood of requests take from deliveries. Where the parameter is empty none are
 * reserved, since an account with the least quota cannot reserve any, and the property must not be there.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export default class EndpointConcurrency {
  readonly hooks: Hooks;

  constructor(serverless: Serverless) {
    this.hooks = {
      "after:aws:package:finalize:mergeCustomProviderResources": () => reserveConcurrency(serverless),
    };
  }
}

function reserveConcurrency(serverless: Serverless): void {
  const { provider, custom } = serverless.service;
  const { endpointConcurrency } = custom.parameters;
  if (endpointConcurrency === "") return;
  const id = serverless.getProvider("aws").naming.getLambdaLogicalId("endpoint");
  const endpoint = provider.compiledCloudFormationTemplate.Resources[id];
  if (endpoint === undefined) throw new Error(`The template has no ${id}`);
  endpoint.Properties.ReservedConcurrentExecutions = Number(endpointConcurrency);
}
