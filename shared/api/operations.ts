import { AwsError } from "./aws-error.ts";
import type { Operation, OperationName } from "./operation.ts";
import { addTags } from "./operations/add-tags.ts";
import { createTrail } from "./operations/create-trail.ts";
import { deleteTrail } from "./operations/delete-trail.ts";
import { describeTrails } from "./operations/describe-trails.ts";
import { getEventSelectors } from "./operations/get-event-selectors.ts";
import { getTrail } from "./operations/get-trail.ts";
import { getTrailStatus } from "./operations/get-trail-status.ts";
import { listPublicKeys } from "./operations/list-public-keys.ts";
import { listTags } from "./operations/list-tags.ts";
import { listTrails } from "./operations/list-trails.ts";
import { lookupEvents } from "./operations/lookup-events.ts";
import { putEventSelectors } from "./operations/put-event-selectors.ts";
import { removeTags } from "./operations/remove-tags.ts";
import { startLogging } from "./operations/start-logging.ts";
import { stopLogging } from "./operations/stop-logging.ts";
import { updateTrail } from "./operations/update-trail.ts";

const OPERATIONS: ReadonlyMap<OperationName, Operation> = new Map(
  [
    addTags,
    createTrail,
    deleteTrail,
    describeTrails,
    getEventSelectors,
    getTrail,
    getTrailStatus,
    listPublicKeys,
    listTags,
    listTrails,
    lookupEvents,
    putEventSelectors,
    removeTags,
    startLogging,
    stopLogging,
    updateTrail,
  ].map((operation) => [operation.name, operation]),
);

/** An operation of the service model; one that OpenTrail does not have yet answers that. */
export function operationNamed(name: OperationName): Operation {
  return OPERATIONS.get(name) ?? unsupported(name);
}

function unsupported(name: OperationName): Operation {
  return {
    name,
    readOnly: /^(?:Describe|Get|List|Lookup|Search)/.test(name),
    run: async () => {
      throw new AwsError("UnsupportedOperationException", `OpenTrail does not implement ${name} yet.`);
    },
  };
}
