import { AwsError } from "../../error/aws-error.ts";
import { visibleTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";
import { eventDataStoresUnsupported, namedTrail } from "../trail-or-event-data-store.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetInsightSelectors.html */
export const getInsightSelectors = defineOperation(
  "GetInsightSelectors",
  "read",
  async (input, { trails, caller }) => {
    const name = namedTrail(input, eventDataStoresUnsupported);
    const { trailArn, insightSelectors } = visibleTrail(await trails.read(caller.accountId), name, caller);
    if (!insightSelectors) {
      throw new AwsError(
        "InsightNotEnabledException",
        `Trail ${trailArn} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again.`,
      );
    }
    return { output: { TrailARN: trailArn, InsightSelectors: insightSelectors } };
  },
);
