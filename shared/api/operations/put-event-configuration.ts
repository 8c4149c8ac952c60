import { AwsError } from "../../error/aws-error.ts";
import type { Trail } from "../../trail/trail.ts";
import { changeTrails } from "../change-trails.ts";
import { homeTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";
import { eventDataStoreNotFound, namedTrail } from "../trail-or-event-data-store.ts";

/**
 * Stores which aggregations a trail is to have; an empty list takes them away.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventConfiguration.html
 */
export const putEventConfiguration = defineOperation(
  "PutEventConfiguration",
  "write",
  async (input, context) => {
    const { MaxEventSize, ContextKeySelectors, AggregationConfigurations } = input;
    const name = namedTrail(input, eventDataStoreNotFound);
    if (MaxEventSize !== undefined || ContextKeySelectors !== undefined) {
      throw new AwsError(
        "InvalidParameterCombinationException",
        "MaxEventSize and ContextKeySelectors are for event data stores, not for trails.",
      );
    }
    if (AggregationConfigurations === undefined) {
      throw new AwsError("InvalidParameterException", "Specify AggregationConfigurations for your trail.");
    }
    const { trail } = await changeTrails(context, name, async (state, actor) => {
      const { aggregationConfigurations: _before, ...rest } = homeTrail(state, name, actor);
      const trail: Trail =
        AggregationConfigurations.length === 0
          ? rest
          : { ...rest, aggregationConfigurations: AggregationConfigurations };
      return { kind: "put", trail };
    });
    return { output: { TrailARN: trail.trailArn, AggregationConfigurations } };
  },
);
