import type { ActivityBlock } from "../event/block.ts";
import type { TrailDestination } from "../trail/trail.ts";
import type { BatchBlock } from "./batch.ts";
import type { LogRecord } from "./log-calls.ts";
import { forEachPosition, recordStarts } from "./positions.ts";

/** A stream of a trail's log group, with the records of a batch that go into it, in the batch's order. */
export interface LogStream {
  readonly trailArn: string;
  /** The log group's ARN. */
  readonly group: string;
  readonly name: string;
  readonly records: readonly LogRecord[];
}

/** The streams that a batch's blocks are for: those of trails with a log group. */
export function logStreamsOf(blocks: readonly BatchBlock<ActivityBlock>[]): readonly LogStream[] {
  const streams = new Map<string, LogStream & { readonly records: LogRecord[] }>();
  for (const { block, messageIds } of blocks) {
    const starts = recordStarts(block.lengths);
    for (const { destination, positions } of block.trails) {
      const group = destination.cloudWatchLogsLogGroupArn;
      if (group === undefined) {
        continue;
      }
      const name = streamName(destination, block.accountId);
      const id = JSON.stringify([destination.trailArn, group, name]);
      const stream = streams.get(id) ?? { trailArn: destination.trailArn, group, name, records: [] };
      streams.set(id, stream);
      forEachPosition(positions, (position) => {
        stream.records.push({
          messageIds,
          text: block.text,
          start: starts[position] ?? 0,
          length: block.lengths[position] ?? 0,
          timestamp: block.eventTimes[position] ?? 0,
        });
      });
    }
  }
  return [...streams.values()];
}

/**
 * The trail's home region, since the role that a trail is given for its log group is for streams of that name;
 * in an organization trail each account has a stream.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-required-policy-for-cloudwatch-logs.html
 */
function streamName({ accountId, homeRegion, organizationId }: TrailDestination, caller: string): string {
  return organizationId === undefined
    ? `${accountId}_CloudTrail_${homeRegion}`
    : `${organizationId}_${caller}_CloudTrail_${homeRegion}`;
}
