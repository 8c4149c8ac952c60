import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { dynamoActionLog } from "../adapters/aws/action-log.ts";
import { secretsManagerSecrets } from "../adapters/aws/secrets.ts";
import { cloudTrailControl } from "../adapters/aws/trail-control.ts";
import { MemoryActionLog } from "../adapters/memory/action-log.ts";
import { systemClock } from "../adapters/system-clock.ts";
import { keptFor } from "../api/kept-value.ts";
import { remediationAccessKeyId } from "../api/remediation-identity.ts";
import { KEYS_KEPT_MS } from "../api/stored-credentials.ts";
import type { Metrics } from "../ports/metrics.ts";
import type { TrailLocation } from "../ports/trail-control.ts";
import type { RestartDependencies } from "../remediation/restart-stopped-trail.ts";
import type { Environment } from "./environment.ts";

/** The role of remediations on hosts that have no roles. */
const LOCAL_ROLE = "OpenTrailRemediation";

/**
 * For `functions/remediate/restart-stopped-trail`, on every host: it always acts over the CloudTrail API.
 *
 * On AWS's own trails the SDK finds the function's role and AWS's endpoint by itself. On OpenTrail's trails
 * `AWS_ENDPOINT_URL_CLOUDTRAIL` names OpenTrail's endpoint, and remediations sign with the access key that stands for them
 * in the event's account; its secret is in `OPENTRAIL_REMEDIATION_SECRET` in a local host's process, and on a stack in the
 * secret that `OPENTRAIL_REMEDIATION_SECRET_ID` names. The actions are counted in `OPENTRAIL_ACTIONS_TABLE`; where there is
 * none, in memory, which is enough for a host of one process.
 * @throws InvalidEnvironment
 */
export function composeRestartStoppedTrail(env: Environment, metrics: Metrics): RestartDependencies {
  const actionsTable = env.optional("OPENTRAIL_ACTIONS_TABLE");
  return {
    trails: cloudTrailControl(clients(secretOf(env))),
    actions:
      actionsTable === undefined
        ? new MemoryActionLog()
        : dynamoActionLog(new DynamoDBClient({}), actionsTable),
    clock: systemClock,
    metrics,
    ownRole: env.optional("OPENTRAIL_REMEDIATION_ROLE") ?? LOCAL_ROLE,
  };
}

/** Gives the secret that remediations sign with; undefined where they have a role. */
function secretOf(env: Environment): (() => Promise<string>) | undefined {
  const secret = env.optional("OPENTRAIL_REMEDIATION_SECRET");
  const id = env.optional("OPENTRAIL_REMEDIATION_SECRET_ID");
  if (secret !== undefined) return async () => secret;
  if (id === undefined) return undefined;
  const secrets = secretsManagerSecrets(new SecretsManagerClient({}));
  return keptFor(systemClock, KEYS_KEPT_MS, async () => {
    const text = await secrets.read(id);
    if (!text) throw new Error(`The secret ${id}, which remediations sign with, has no value`);
    return text;
  });
}

/** One client an account and region: the region is where the trail is changed, the account decides the local key. */
function clients(secret: (() => Promise<string>) | undefined): (location: TrailLocation) => CloudTrailClient {
  const made = new Map<string, CloudTrailClient>();
  return ({ accountId, homeRegion: region }) => {
    const id = `${accountId} ${region}`;
    const credentials = secret && {
      credentials: async () => ({
        accessKeyId: remediationAccessKeyId(accountId),
        secretAccessKey: await secret(),
        // The SDK asks again by then.
        expiration: new Date(systemClock.now() + KEYS_KEPT_MS),
      }),
    };
    const client = made.get(id) ?? new CloudTrailClient({ region, ...credentials });
    made.set(id, client);
    return client;
  };
}
