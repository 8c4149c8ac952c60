import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoActionLog } from "../adapters/aws/action-log.ts";
import { cloudTrailControl } from "../adapters/aws/trail-control.ts";
import { MemoryActionLog } from "../adapters/memory/action-log.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { remediationAccessKeyId } from "../api/remediation-identity.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { TrailLocation } from "../ports/trail-control.ts";
import type { RestartDependencies } from "../remediation/restart-stopped-trail.ts";
import type { Environment } from "./environment.ts";

/** The role of remediations on hosts that have no roles. */
const LOCAL_ROLE = "OpenTrailRemediation";

/**
 * For `functions/remediate/restart-stopped-trail`, on every host: it always acts over the CloudTrail API.
 *
 * On AWS the SDK finds the function's role and AWS's endpoint by itself. A local host has remediations call back to
 * itself: it sets `AWS_ENDPOINT_URL_CLOUDTRAIL` to its own URL, and `OPENTRAIL_REMEDIATION_SECRET`, which makes
 * remediations sign with the access key that stands for them in the event's account. The actions are counted in
 * `OPENTRAIL_ACTIONS_TABLE`; where there is none, in memory, which is enough for a host of one process.
 * @throws InvalidEnvironment
 */
export function composeRestartStoppedTrail(env: Environment, metrics: Metrics): RestartDependencies {
  const actionsTable = env.optional("OPENTRAIL_ACTIONS_TABLE");
  return {
    trails: cloudTrailControl(clients(env.optional("OPENTRAIL_REMEDIATION_SECRET"))),
    actions:
      actionsTable === undefined
        ? new MemoryActionLog()
        : dynamoActionLog(new DynamoDBClient({}), actionsTable),
    clock: systemClock,
    metrics,
    ownRole: env.optional("OPENTRAIL_REMEDIATION_ROLE") ?? LOCAL_ROLE,
  };
}

/** One client an account and region: the region is where the trail is changed, the account decides the local key. */
function clients(secret: string | undefined): (location: TrailLocation) => CloudTrailClient {
  const made = new Map<string, CloudTrailClient>();
  return ({ accountId, homeRegion: region }) => {
    const id = `${accountId} ${region}`;
    const credentials =
      secret === undefined
        ? {}
        : {
            credentials: { accessKeyId: remediationAccessKeyId(accountId), secretAccessKey: secret },
          };
    const client = made.get(id) ?? new CloudTrailClient({ region, ...credentials });
    made.set(id, client);
    return client;
  };
}
