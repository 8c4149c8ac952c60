import { readChannels } from "../../channel/channels.ts";
import { AwsError } from "../../error/aws-error.ts";
import { defineOperation } from "../operation.ts";

/**
 * The channels of the account in the caller's region. A token is the ARN of the last channel that was answered.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListChannels.html
 */
export const listChannels = defineOperation(
  "ListChannels",
  "read",
  async ({ MaxResults = 1_000, NextToken }, context) => {
    const channels = await readChannels(context, context.caller);
    const last = channels.findIndex(({ arn }) => arn === NextToken);
    if (NextToken !== undefined && last < 0) {
      throw new AwsError("InvalidNextTokenException", "The token is not valid.");
    }
    const page = channels.slice(last + 1, last + 1 + MaxResults);
    const next = last + 1 + MaxResults < channels.length ? page.at(-1)?.arn : undefined;
    return {
      output: {
        Channels: page.map(({ arn, name }) => ({ ChannelArn: arn, Name: name })),
        ...(next !== undefined && { NextToken: next }),
      },
    };
  },
);
