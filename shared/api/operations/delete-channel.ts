import { changeChannels, namedChannel } from "../../channel/channels.ts";
import { policyKey } from "../../channel/resource-policy.ts";
import { defineOperation } from "../operation.ts";

/**
 * Its resource policy goes with it.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteChannel.html
 */
export const deleteChannel = defineOperation("DeleteChannel", "write", async ({ Channel }, context) => {
  const { caller } = context;
  let arn = "";
  await changeChannels(context, caller, (channels) => {
    const gone = namedChannel(channels, Channel, caller);
    arn = gone.arn;
    return channels.filter((channel) => channel !== gone);
  });
  await context.settings.replace(policyKey(arn), await context.settings.read(policyKey(arn)), undefined);
  return { output: {} };
});
