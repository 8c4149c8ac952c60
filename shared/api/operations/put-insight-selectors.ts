import { AwsError } from "../../error/aws-error.ts";
import { requireInsightSelectors } from "../../trail/insight-selectors.ts";
import type { Trail } from "../../trail/trail.ts";
import { changeTrails } from "../change-trails.ts";
import { homeTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";
import { eventDataStoresUnsupported, namedTrail } from "../trail-or-event-data-store.ts";

/**
 * An empty list takes a trail's selectors away.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutInsightSelectors.html
 */
export const putInsightSelectors = defineOperation("PutInsightSelectors", "write", async (input, context) => {
  const { InsightSelectors, InsightsDestination } = input;
  const name = namedTrail(input, eventDataStoresUnsupported);
  if (InsightsDestination !== undefined) {
    throw new AwsError(
      "InvalidParameterCombinationException",
      "InsightsDestination is for event data stores: a trail's Insights go to its bucket.",
    );
  }
  const { trail } = await changeTrails(context, name, async (state, actor) => {
    const { insightSelectors: _before, ...rest } = homeTrail(state, name, actor);
    requireInsightSelectors(InsightSelectors, rest.selection);
    const trail: Trail =
      InsightSelectors.length === 0 ? rest : { ...rest, insightSelectors: InsightSelectors };
    return { kind: "put", trail };
  });
  return { output: { TrailARN: trail.trailArn, InsightSelectors } };
});
