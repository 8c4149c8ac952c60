import { STSClient } from "@aws-sdk/client-sts";
import { assumedRole } from "../adapters/aws/assumed-role.ts";
import type { ActivityEvents } from "../ingest/activity-events.ts";
import type { Metrics } from "../ports/metrics.ts";
import { composeActivityEventsAt } from "./activity-events.ts";
import { REQUEST_LIMITS } from "./clients/settings.ts";
import type { Environment } from "./environment.ts";

/**
 * For `functions/collect/activity-events`: events of a region or account that is not the stack's own are checked, routed and
 * packed where they are, and published at home. The trails are read at home too, consistently, once a batch.
 * @throws InvalidEnvironment
 */
export function composeCollector(env: Environment, metrics: Metrics): ActivityEvents {
  const roleArn = env.optional("OPENTRAIL_HOME_ROLE_ARN");
  return composeActivityEventsAt(
    {
      region: env.text("OPENTRAIL_HOME_REGION"),
      ...(roleArn !== undefined && {
        credentials: assumedRole(new STSClient(REQUEST_LIMITS), roleArn, "opentrail-collector"),
      }),
    },
    env,
    metrics,
  );
}
