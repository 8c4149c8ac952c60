import { namedChannel, readChannels } from "../../channel/channels.ts";
import { defineOperation } from "../operation.ts";

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetChannel.html */
export const getChannel = defineOperation("GetChannel", "read", async ({ Channel }, context) => {
  const { caller } = context;
  const { arn, name, source, destinations } = namedChannel(
    await readChannels(context, caller),
    Channel,
    caller,
  );
  return { output: { ChannelArn: arn, Name: name, Source: source, Destinations: destinations } };
});
