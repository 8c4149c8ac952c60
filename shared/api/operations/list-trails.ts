import { defineOperation } from "../operation.ts";

/**
 * The trails of the account in every region, in one page.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTrails.html
 */
export const listTrails = defineOperation("ListTrails", "read", async (_, { trails, caller }) => {
  const state = await trails.read(caller.accountId);
  return {
    output: {
      Trails: state.trails.map(({ trailArn, name, homeRegion }) => ({
        TrailARN: trailArn,
        Name: name,
        HomeRegion: homeRegion,
      })),
    },
  };
});
