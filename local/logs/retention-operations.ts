import { invalidParameter, type LogsOperation } from "./call.ts";
import { logGroupArn } from "./log-arn.ts";

/** The only days that CloudWatch Logs takes. */
const DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const putRetentionPolicy: LogsOperation<"PutRetentionPolicy"> = async ({
  input,
  caller,
  logGroups,
}) => {
  if (!DAYS.includes(input.retentionInDays)) {
    throw invalidParameter(`retentionInDays must be one of ${DAYS.join(", ")}.`);
  }
  await logGroups.setRetention(logGroupArn(caller, input.logGroupName), input.retentionInDays);
  return {};
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteRetentionPolicy.html */
export const deleteRetentionPolicy: LogsOperation<"DeleteRetentionPolicy"> = async ({
  input,
  caller,
  logGroups,
}) => {
  await logGroups.setRetention(logGroupArn(caller, input.logGroupName), undefined);
  return {};
};
