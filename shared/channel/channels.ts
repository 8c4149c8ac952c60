import { AwsError } from "../error/aws-error.ts";
import { changeSetting, readSetting, type SettingDependencies } from "../setting/change-setting.ts";
import { type Channel, channelArn, parseChannelArn } from "./channel.ts";

/** Whose channels, and where. */
interface ChannelScope {
  readonly accountId: string;
  readonly region: string;
}

const NONE: readonly Channel[] = [];

/** The channels of an account in a region, in the order in which they were made. */
export async function readChannels(
  dependencies: SettingDependencies,
  scope: ChannelScope,
): Promise<readonly Channel[]> {
  return readSetting(dependencies, channelsKey(scope), NONE);
}

/** The channel with an ARN, whosever it is; undefined if there is none. */
export async function channelWithArn(
  dependencies: SettingDependencies,
  arn: string,
): Promise<Channel | undefined> {
  const scope = parseChannelArn(arn);
  if (!scope) return undefined;
  return (await readChannels(dependencies, scope)).find((channel) => channel.arn === arn);
}

/**
 * Changes the channels of an account in a region as `decide` says, on a state that nobody else has changed since.
 * @throws AwsError what `decide` throws; ConflictException when others were faster each time
 */
export function changeChannels(
  dependencies: SettingDependencies,
  scope: ChannelScope,
  decide: (channels: readonly Channel[]) => readonly Channel[],
): Promise<readonly Channel[]> {
  return changeSetting(dependencies, channelsKey(scope), NONE, decide);
}

/**
 * The one of the caller's channels that an ARN or the id in it names.
 * @throws AwsError ChannelARNInvalidException, ChannelNotFoundException
 */
export function namedChannel(channels: readonly Channel[], arnOrId: string, scope: ChannelScope): Channel {
  const isId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(arnOrId);
  if (!isId && !parseChannelArn(arnOrId)) {
    throw new AwsError("ChannelARNInvalidException", `The channel ARN is not valid: ${arnOrId}`);
  }
  const arn = isId ? channelArn({ ...scope, id: arnOrId }) : arnOrId;
  const channel = channels.find((each) => each.arn === arn);
  if (!channel) throw channelNotFound(arn);
  return channel;
}

export function channelNotFound(arn: string): AwsError {
  return new AwsError("ChannelNotFoundException", `The channel was not found: ${arn}`);
}

function channelsKey({ accountId, region }: ChannelScope): string {
  return `channels/${accountId}/${region}`;
}
