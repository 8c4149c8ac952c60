import { awsPartition } from "../arn/partition.ts";

/** Where a channel's events go. */
interface ChannelDestination {
  readonly Type: "EVENT_DATA_STORE" | "AWS_SERVICE";
  readonly Location: string;
}

/**
 * A channel: the way in for events of applications.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/query-event-data-store-integration.html
 */
export interface Channel {
  readonly arn: string;
  readonly name: string;
  readonly source: string;
  readonly destinations: readonly ChannelDestination[];
  /** By key. A tag without a value has an empty one. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What a channel's ARN tells of it. */
export interface ChannelIdentity {
  readonly accountId: string;
  readonly region: string;
  /** A UUID where CloudTrail made it. */
  readonly id: string;
}

/** `arn:aws:cloudtrail:us-east-1:111122223333:channel/<id>`, in the partition of the region. */
export function channelArn({ accountId, region, id }: ChannelIdentity): string {
  return `arn:${awsPartition(region)}:cloudtrail:${region}:${accountId}:channel/${id}`;
}

/** Reads a channel's ARN; undefined if it is none. */
export function parseChannelArn(arn: string): ChannelIdentity | undefined {
  const [, partition, region, accountId, id] =
    /^arn:([a-z-]+):cloudtrail:([a-z0-9-]+):(\d{12}):channel\/([\w.-]+)$/.exec(arn) ?? [];
  if (region === undefined || accountId === undefined || id === undefined) return undefined;
  return partition === awsPartition(region) ? { accountId, region, id } : undefined;
}
