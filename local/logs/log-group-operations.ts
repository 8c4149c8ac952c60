import { AwsError } from "../../shared/error/aws-error.ts";
import type { LogGroup } from "../../shared/ports/log-store.ts";
import { invalidParameter, type LogsOperation } from "./call.ts";
import { logGroupArn, logGroupName } from "./log-arn.ts";
import { pageOf } from "./page.ts";

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html */
export const createLogGroup: LogsOperation<"CreateLogGroup"> = async ({ input, caller, logGroups }) => {
  if (input.kmsKeyId !== undefined) {
    throw invalidParameter("This host does not encrypt log groups. Leave out kmsKeyId.");
  }
  const { tags } = input;
  const group = logGroupArn(caller, input.logGroupName);
  if (!(await logGroups.createLogGroup(group))) {
    throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
  }
  if (tags) await logGroups.changeTags(group, () => tags);
  return {};
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html */
export const deleteLogGroup: LogsOperation<"DeleteLogGroup"> = async ({ input, caller, logGroups }) => {
  await logGroups.deleteLogGroup(logGroupArn(caller, input.logGroupName));
  return {};
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html */
export const describeLogGroups: LogsOperation<"DescribeLogGroups"> = async ({ input, caller, logGroups }) => {
  const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
  if (prefix !== undefined && pattern !== undefined) {
    throw invalidParameter(
      "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
    );
  }

  const own = logGroupArn(caller, "");
  const found = (await logGroups.logGroups())
    .filter(({ arn }) => arn.startsWith(`${own}${prefix ?? ""}`) && logGroupName(arn).includes(pattern ?? ""))
    .toSorted((a, b) => (a.arn < b.arn ? -1 : 1));
  const { items, nextToken } = pageOf(found, ({ arn }) => arn, input);
  return { logGroups: items.map(described), nextToken };
};

function described({ arn, creationTime, storedBytes, retentionInDays }: LogGroup): object {
  return {
    logGroupName: logGroupName(arn),
    creationTime,
    retentionInDays,
    metricFilterCount: 0,
    arn: `${arn}:*`,
    storedBytes,
    logGroupClass: "STANDARD",
    logGroupArn: arn,
  };
}
