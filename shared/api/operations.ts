import { AwsError } from "../error/aws-error.ts";
import type { Operation, OperationName } from "./operation.ts";
import { addTags } from "./operations/add-tags.ts";
import { createChannel } from "./operations/create-channel.ts";
import { createTrail } from "./operations/create-trail.ts";
import { deleteChannel } from "./operations/delete-channel.ts";
import { deleteResourcePolicy } from "./operations/delete-resource-policy.ts";
import { deleteTrail } from "./operations/delete-trail.ts";
import { deregisterOrganizationDelegatedAdmin } from "./operations/deregister-organization-delegated-admin.ts";
import { describeTrails } from "./operations/describe-trails.ts";
import { getChannel } from "./operations/get-channel.ts";
import { getEventConfiguration } from "./operations/get-event-configuration.ts";
import { getEventSelectors } from "./operations/get-event-selectors.ts";
import { getInsightSelectors } from "./operations/get-insight-selectors.ts";
import { getResourcePolicy } from "./operations/get-resource-policy.ts";
import { getTrail } from "./operations/get-trail.ts";
import { getTrailStatus } from "./operations/get-trail-status.ts";
import { listChannels } from "./operations/list-channels.ts";
import { listPublicKeys } from "./operations/list-public-keys.ts";
import { listTags } from "./operations/list-tags.ts";
import { listTrails } from "./operations/list-trails.ts";
import { lookupEvents } from "./operations/lookup-events.ts";
import { putEventConfiguration } from "./operations/put-event-configuration.ts";
import { putEventSelectors } from "./operations/put-event-selectors.ts";
import { putInsightSelectors } from "./operations/put-insight-selectors.ts";
import { putResourcePolicy } from "./operations/put-resource-policy.ts";
import { registerOrganizationDelegatedAdmin } from "./operations/register-organization-delegated-admin.ts";
import { removeTags } from "./operations/remove-tags.ts";
import { startLogging } from "./operations/start-logging.ts";
import { stopLogging } from "./operations/stop-logging.ts";
import { updateChannel } from "./operations/update-channel.ts";
import { updateTrail } from "./operations/update-trail.ts";

const OPERATIONS: ReadonlyMap<OperationName, Operation> = new Map(
  [
    addTags,
    createChannel,
    createTrail,
    deleteChannel,
    deleteResourcePolicy,
    deleteTrail,
    deregisterOrganizationDelegatedAdmin,
    describeTrails,
    getChannel,
    getEventConfiguration,
    getEventSelectors,
    getInsightSelectors,
    getResourcePolicy,
    getTrail,
    getTrailStatus,
    listChannels,
    listPublicKeys,
    listTags,
    listTrails,
    lookupEvents,
    putEventConfiguration,
    putEventSelectors,
    putInsightSelectors,
    putResourcePolicy,
    registerOrganizationDelegatedAdmin,
    removeTags,
    startLogging,
    stopLogging,
    updateChannel,
    updateTrail,
  ].map((operation) => [operation.name, operation]),
);

/** What operations that are not there yet belong to, by a part of their names; the others to event data stores. */
const FEATURES: readonly (readonly [pattern: RegExp, feature: string])[] = [
  [/Dashboard/, "CloudTrail Lake dashboards"],
  [/Insights/, "Insights"],
  [/Federation/, "Lake query federation"],
  [/Import/, "imports into event data stores"],
  [/Quer/, "CloudTrail Lake queries"],
];

/** An operation of the service model; one that OpenTrail does not have yet is refused after its input was checked. */
export function operationNamed(name: OperationName): Operation {
  return OPERATIONS.get(name) ?? unsupported(name);
}

/** Whether OpenTrail has an operation. */
export function isSupported(name: OperationName): boolean {
  return OPERATIONS.has(name);
}

function unsupported(name: OperationName): Operation {
  const feature = FEATURES.find(([pattern]) => pattern.test(name))?.[1] ?? "event data stores";
  return {
    name,
    readOnly: /^(?:Describe|Get|List|Lookup|Search)/.test(name),
    run: async () => {
      throw new AwsError(
        "UnsupportedOperationException",
        `OpenTrail does not have ${feature} yet: ${name} is not supported.`,
      );
    },
  };
}
