import { serveFunctionUrl } from "../../shared/adapters/aws/function-url.ts";
import { composeEndpoint } from "../../shared/compose/endpoint.ts";
import { Environment } from "../../shared/compose/environment.ts";
import { lambdaHandler, logger, metrics } from "../../shared/compose/lambda.ts";
import { once } from "../../shared/compose/once.ts";

const serve = once(() =>
  serveFunctionUrl(composeEndpoint(new Environment(process.env), metrics), (error) =>
    logger.error("A request failed", error as Error),
  ),
);

/** A request to the function URL → the answer of the CloudTrail API, PutAuditEvents or a page under `/_opentrail/`. */
export const handler = lambdaHandler((event: unknown) => serve()(event));
