import { AwsError } from "../../shared/error/aws-error.ts";
import { invalidParameter, type LogsCall, type LogsOperation } from "./call.ts";
import { logGroupArn } from "./log-arn.ts";

const MOST_TAGS = 50;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListTagsForResource.html */
export const listTagsForResource: LogsOperation<"ListTagsForResource"> = async (call) => {
  const group = taggedGroup(call);
  const found = (await call.logGroups.logGroups()).find(({ arn }) => arn === group);
  if (!found) throw noSuchGroup();
  return { tags: found.tags ?? {} };
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_TagResource.html */
export const tagResource: LogsOperation<"TagResource"> = async (call) => {
  await call.logGroups.changeTags(taggedGroup(call), (tags) => checkedTags({ ...tags, ...call.input.tags }));
  return {};
};

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_UntagResource.html */
export const untagResource: LogsOperation<"UntagResource"> = async (call) => {
  const { tagKeys } = call.input;
  await call.logGroups.changeTags(taggedGroup(call), (tags) =>
    Object.fromEntries(Object.entries(tags).filter(([key]) => !tagKeys.includes(key))),
  );
  return {};
};

/** @throws InvalidParameterException for more tags than a group can have */
function checkedTags(tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (Object.keys(tags).length > MOST_TAGS) {
    throw invalidParameter(`A log group can have ${MOST_TAGS} tags at most.`);
  }
  return tags;
}

/** The ARN of the caller's group that is named, without `:*`. @throws ResourceNotFoundException */
function taggedGroup({ input, caller }: LogsCall<{ readonly resourceArn: string }>): string {
  const arn = input.resourceArn.replace(/:\*$/, "");
  if (!arn.startsWith(logGroupArn(caller, ""))) throw noSuchGroup();
  return arn;
}

function noSuchGroup(): AwsError {
  return new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
}
