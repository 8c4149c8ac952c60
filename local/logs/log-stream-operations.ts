import { AwsError } from "../../shared/error/aws-error.ts";
import type { LogStream } from "../../shared/ports/log-store.ts";
import { invalidParameter, type LogsOperation } from "./call.ts";
import { logGroupArn, referredLogGroup } from "./log-arn.ts";
import { pageOf } from "./page.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogStream.html */
export const createLogStream: LogsOperation<"CreateLogStream"> = async ({ input, caller, logGroups }) => {
  const group = logGroupArn(caller, input.logGroupName);
  if (!(await logGroups.createLogStream(group, input.logStreamName))) {
    throw new AwsError("ResourceAlreadyExistsException", "The specified log stream already exists");
  }
  return {};
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogStreams.html */
export const describeLogStreams: LogsOperation<"DescribeLogStreams"> = async ({
  input,
  caller,
  logGroups,
}) => {
  const byTime = input.orderBy === "LastEventTime";
  if (byTime && input.logStreamNamePrefix !== undefined) {
    throw invalidParameter("Cannot order by LastEventTime with a logStreamNamePrefix.");
  }

  const group = referredLogGroup(caller, input);
  const inOrder = (await logGroups.logStreams(group))
    .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ""))
    .toSorted((a, b) => (byTime ? lastEventTime(a) - lastEventTime(b) : 0) || (a.name < b.name ? -1 : 1));
  const found = input.descending ? inOrder.toReversed() : inOrder;
  const { items, nextToken } = pageOf(found, ({ name }) => name, input);
  return { logStreams: items.map((stream) => described(group, stream)), nextToken };
};

/** A stream without events comes in the order of its making, as if that were one. */
function lastEventTime(stream: LogStream): number {
  return stream.lastEventTimestamp ?? stream.creationTime;
}

function described(group: string, { name, ...times }: LogStream): object {
  return { logStreamName: name, ...times, arn: `${group}:log-stream:${name}`, storedBytes: 0 };
}
