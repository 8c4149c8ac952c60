import { visibleTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";
import { eventDataStoreNotFound, namedTrail } from "../trail-or-event-data-store.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventConfiguration.html */
export const getEventConfiguration = defineOperation(
  "GetEventConfiguration",
  "read",
  async (input, { trails, caller }) => {
    const name = namedTrail(input, eventDataStoreNotFound);
    const trail = visibleTrail(await trails.read(caller.accountId), name, caller);
    return {
      output: {
        TrailARN: trail.trailArn,
        AggregationConfigurations: trail.aggregationConfigurations ?? [],
      },
    };
  },
);
