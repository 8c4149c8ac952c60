import { toAwsError } from "../../shared/api/errors.ts";
import type { Caller, Service } from "../../shared/api/http.ts";
import { AwsError } from "../../shared/error/aws-error.ts";
import { InvalidFilterPattern } from "../../shared/filter-pattern/invalid-filter-pattern.ts";
import { LogGroupNotFound } from "../../shared/ports/log-groups.ts";
import type { LogStore } from "../../shared/ports/log-store.ts";
import { type JsonApi, makeJsonApi } from "../json-api.ts";
import { invalidParameter, type LogsOperation } from "./call.ts";
import { filterLogEvents } from "./filter-log-events.ts";
import { getLogEvents } from "./get-log-events.ts";
import { createLogGroup, deleteLogGroup, describeLogGroups } from "./log-group-operations.ts";
import { createLogStream, describeLogStreams } from "./log-stream-operations.ts";
import { LOGS_MODEL, LOGS_TARGET_PREFIX, type LogsInputs } from "./model.ts";
import { putLogEvents } from "./put-log-events.ts";
import { deleteRetentionPolicy, putRetentionPolicy } from "./retention-operations.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag-operations.ts";
import { testMetricFilter } from "./test-metric-filter.ts";

/** What the CloudWatch Logs API works on. */
export interface LogsApiParts {
  readonly logGroups: LogStore;
  /** Told of what callers are not: the cause of an InternalFailure. */
  readonly reportFailure: (error: unknown) => void;
}

const OPERATIONS: { readonly [Name in keyof LogsInputs]: LogsOperation<Name> } = {
  CreateLogGroup: createLogGroup,
  CreateLogStream: createLogStream,
  DeleteLogGroup: deleteLogGroup,
  DescribeLogGroups: describeLogGroups,
  DescribeLogStreams: describeLogStreams,
  FilterLogEvents: filterLogEvents,
  GetLogEvents: getLogEvents,
  PutLogEvents: putLogEvents,
  PutRetentionPolicy: putRetentionPolicy,
  DeleteRetentionPolicy: deleteRetentionPolicy,
  TestMetricFilter: testMetricFilter,
  ListTagsForResource: listTagsForResource,
  TagResource: tagResource,
  UntagResource: untagResource,
};

/** A batch of PutLogEvents holds 1 MiB of messages; as JSON that is more, six times as much at worst. */
const LONGEST_BODY = 8 * 1024 * 1024;

/**
 * The small part of the CloudWatch Logs API that the embedded host has, version 2014-03-28, over AWS JSON 1.1: what
 * makes log groups and reads back what trails have delivered to them.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
 */
export function makeLogsApi({ logGroups, reportFailure }: LogsApiParts): Service {
  return makeJsonApi<LogsInputs>({
    service: "CloudWatch Logs",
    targetPrefix: LOGS_TARGET_PREFIX,
    model: LOGS_MODEL,
    operations: boundOperations(logGroups),
    longestBody: LONGEST_BODY,
    invalid: invalidParameter,
    answerable,
    reportFailure,
  });
}

function boundOperations(logGroups: LogStore): JsonApi<LogsInputs>["operations"] {
  const bound = Object.entries(OPERATIONS).map(([name, operation]) => [
    name,
    (input: never, caller: Caller) => operation({ input, caller, logGroups }),
  ]);
  return Object.fromEntries(bound);
}

function answerable(thrown: unknown): AwsError {
  if (thrown instanceof LogGroupNotFound) {
    return new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }
  return thrown instanceof InvalidFilterPattern ? invalidParameter(thrown.message) : toAwsError(thrown);
}
