import { readEventSelection } from "../../selector/validate.ts";
import { changeTrails } from "../change-trails.ts";
import { homeTrail } from "../find-trail.ts";
import { defineOperation } from "../operation.ts";
import { describedSelectors } from "../trail-description.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html */
export const putEventSelectors = defineOperation(
  "PutEventSelectors",
  "write",
  async ({ TrailName, ...input }, context) => {
    const { trail } = await changeTrails(context, TrailName, async (state, actor) => {
      const before = homeTrail(state, TrailName, actor);
      return { kind: "put", trail: { ...before, selection: readEventSelection(input) } };
    });
    return { output: { TrailARN: trail.trailArn, ...describedSelectors(trail.selection) } };
  },
);
