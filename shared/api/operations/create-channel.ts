import { randomUUID } from "node:crypto";
import { type Channel, channelArn } from "../../channel/channel.ts";
import { changeChannels } from "../../channel/channels.ts";
import { requireDestinations } from "../../channel/destinations.ts";
import { requireChannelSource } from "../../channel/sources.ts";
import { AwsError } from "../../error/aws-error.ts";
import { defineOperation } from "../operation.ts";
import { tagsList, withTags } from "../trail-tags.ts";

/**
 * Channels an account may have in a region.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html
 */
const MOST_CHANNELS = 25;

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateChannel.html */
export const createChannel = defineOperation(
  "CreateChannel",
  "write",
  async ({ Name: name, Source: source, Destinations: destinations, Tags = [] }, context) => {
    requireChannelSource(source);
    requireDestinations(destinations);
    const { caller } = context;
    const arn = channelArn({ ...caller, id: randomUUID() });
    const channel: Channel = { arn, name, source, destinations, tags: withTags({}, Tags) };
    await changeChannels(context, caller, (channels) => {
      requireNewChannelName(channels, name);
      if (channels.length >= MOST_CHANNELS) {
        throw new AwsError(
          "ChannelMaxLimitExceededException",
          `The account has ${channels.length} channels in ${caller.region} already.`,
        );
      }
      return [...channels, channel];
    });
    return {
      output: {
        ChannelArn: arn,
        Name: name,
        Source: source,
        Destinations: destinations,
        ...(Tags.length > 0 && { Tags: tagsList(channel.tags) }),
      },
    };
  },
);

/** @throws AwsError ChannelAlreadyExistsException */
export function requireNewChannelName(channels: readonly Channel[], name: string): void {
  if (channels.some((channel) => channel.name === name)) {
    throw new AwsError("ChannelAlreadyExistsException", `There is a channel with the name ${name} already.`);
  }
}
