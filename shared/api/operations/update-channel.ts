import { changeChannels, namedChannel } from "../../channel/channels.ts";
import { requireDestinations } from "../../channel/destinations.ts";
import { defineOperation } from "../operation.ts";
import { requireNewChannelName } from "./create-channel.ts";

/**
 * Members that are left out stay as they are.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateChannel.html
 */
export const updateChannel = defineOperation(
  "UpdateChannel",
  "write",
  async ({ Channel, Name, Destinations }, context) => {
    const { caller } = context;
    if (Destinations) requireDestinations(Destinations);
    const channels = await changeChannels(context, caller, (before) => {
      const channel = namedChannel(before, Channel, caller);
      const others = before.filter(({ arn }) => arn !== channel.arn);
      if (Name !== undefined) requireNewChannelName(others, Name);
      const changed = {
        ...channel,
        name: Name ?? channel.name,
        destinations: Destinations ?? channel.destinations,
      };
      return before.map((each) => (each === channel ? changed : each));
    });
    const { arn, name, source, destinations } = namedChannel(channels, Channel, caller);
    return { output: { ChannelArn: arn, Name: name, Source: source, Destinations: destinations } };
  },
);
