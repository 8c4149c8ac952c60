import {
  type CloudWatchLogsClient,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
  type RejectedLogEventsInfo,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
} from "@aws-sdk/client-cloudwatch-logs";
import { LogGroupNotFound, type LogGroups, type RejectedLogEvents } from "../../ports/log-groups.ts";

/** Gives the client of a region; of the caller's own when none is named. */
export type LogsClientOf = (region?: string) => CloudWatchLogsClient;

interface LogGroup {
  readonly name: string;
  readonly region?: string;
  readonly accountId?: string;
}

/**
 * CloudWatch Logs. A group given by its ARN is written to in the ARN's region.
 *
 * CloudTrail takes on the trail's `CloudWatchLogsRoleArn` to deliver. This adapter does not: it uses the credentials
 * of the function that it runs in, whose own role must be allowed to create streams and put events. A role that
 * trusts `cloudtrail.amazonaws.com`, as users' trails have it, could not be taken on by anybody else.
 */
export function cloudWatchLogGroups(clientOf: LogsClientOf): LogGroups {
  async function makeStream(client: CloudWatchLogsClient, group: string, stream: string): Promise<void> {
    try {
      await client.send(new CreateLogStreamCommand({ logGroupName: group, logStreamName: stream }));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) throw new LogGroupNotFound(group, { cause: error });
      if (!(error instanceof ResourceAlreadyExistsException)) throw error;
    }
  }

  return {
    async putLogEvents(group, stream, events) {
      const { name, region } = logGroup(group);
      const client = clientOf(region);
      const put = () =>
        client.send(
          new PutLogEventsCommand({
            logGroupName: name,
            logStreamName: stream,
            logEvents: events.map(({ timestamp, message }) => ({ timestamp, message })),
          }),
        );
      try {
        return rejected(events.length, (await put()).rejectedLogEventsInfo);
      } catch (error) {
        if (!(error instanceof ResourceNotFoundException)) throw error;
      }
      await makeStream(client, name, stream);
      return rejected(events.length, (await put()).rejectedLogEventsInfo);
    },

    async groupExists(group) {
      const { name, region, accountId } = logGroup(group);
      // Groups come in the order of their names: the one of just that name would be the first.
      const { logGroups } = await clientOf(region).send(
        new DescribeLogGroupsCommand({ logGroupNamePrefix: name }),
      );
      const named = (logGroups ?? []).find(({ logGroupName }) => logGroupName === name);
      // CloudWatch Logs is asked by the name alone: another account's group would be taken for this account's.
      return (
        named !== undefined && (accountId === undefined || logGroup(named.arn ?? "").accountId === accountId)
      );
    },
  };
}

/** A group's name, region and account out of `arn:aws:logs:<region>:<account>:log-group:<name>[:*]` or a bare name. */
function logGroup(nameOrArn: string): LogGroup {
  const [, , , region, accountId, , name] = nameOrArn.split(":");
  return nameOrArn.startsWith("arn:") && region !== undefined && accountId !== undefined && name !== undefined
    ? { name, region, accountId }
    : { name: nameOrArn };
}

/**
 * How many events were refused. They stand in time order: the too old and the expired ones at the start, up to an
 * index that is not one of them; the too new ones from an index to the end.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_RejectedLogEventsInfo.html
 */
function rejected(count: number, info: RejectedLogEventsInfo | undefined): RejectedLogEvents {
  const tooOld = info?.tooOldLogEventEndIndex ?? 0;
  const expired = info?.expiredLogEventEndIndex ?? 0;
  return {
    tooOld,
    expired: Math.max(0, expired - tooOld),
    tooNew: count - (info?.tooNewLogEventStartIndex ?? count),
  };
}
