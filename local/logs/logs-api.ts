import { AwsError } from "../../shared/api/aws-error.ts";
import { errorResponse, jsonResponse, readJsonBody, targetOperation } from "../../shared/api/aws-json.ts";
import { decodeShape } from "../../shared/api/decode.ts";
import { commonError, toAwsError } from "../../shared/api/errors.ts";
import type { ApiRequest, Service } from "../../shared/api/http.ts";
import { validationMessage, violationsOf } from "../../shared/api/validate.ts";
import type { JsonObject } from "../../shared/event/json.ts";
import { InvalidFilterPattern } from "../../shared/filter-pattern/invalid-filter-pattern.ts";
import { LogGroupNotFound } from "../../shared/ports/log-groups.ts";
import type { LogStore } from "../../shared/ports/log-store.ts";
import { invalidParameter, type LogsOperation } from "./call.ts";
import { filterLogEvents } from "./filter-log-events.ts";
import { getLogEvents } from "./get-log-events.ts";
import { createLogGroup, deleteLogGroup, describeLogGroups } from "./log-group-operations.ts";
import { createLogStream, describeLogStreams } from "./log-stream-operations.ts";
import { LOGS_MODEL, LOGS_TARGET_PREFIX, type LogsInputs } from "./model.ts";
import { putLogEvents } from "./put-log-events.ts";
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
  TestMetricFilter: testMetricFilter,
};

/** A batch of PutLogEvents holds 1 MiB of messages; as JSON that is more, six times as much at worst. */
const LONGEST_BODY = 8 * 1024 * 1024;

/**
 * The small part of the CloudWatch Logs API that the embedded host has, version 2014-03-28, over AWS JSON 1.1: what
 * makes log groups and reads back what trails have delivered to them.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_Operations.html
 */
export function makeLogsApi({ logGroups, reportFailure }: LogsApiParts): Service {
  return async (request, caller) => {
    try {
      const name = operationName(request);
      const shape = `${name}Request`;
      const input = decodeShape(LOGS_MODEL, shape, readJsonBody(request.body, LONGEST_BODY)) as JsonObject;
      const violations = violationsOf(LOGS_MODEL, shape, input);
      if (violations.length > 0) throw invalidParameter(validationMessage(violations));

      // The check was made by the same model as the types: what passed it is of the operation's input type.
      const operation = OPERATIONS[name] as LogsOperation<keyof LogsInputs>;
      const output = await operation({ input: input as never, caller, logGroups });
      return jsonResponse(output, caller.requestId);
    } catch (thrown) {
      const error = answerable(thrown);
      if (error.code === "InternalFailure") reportFailure(error.cause);
      return errorResponse(error, caller.requestId);
    }
  };
}

/** @throws UnknownOperationException */
function operationName(request: ApiRequest): keyof LogsInputs {
  const name = targetOperation(request, LOGS_TARGET_PREFIX) ?? "";
  if (!Object.hasOwn(OPERATIONS, name)) {
    throw commonError(
      "UnknownOperationException",
      `OpenTrail's part of CloudWatch Logs does not have ${name}.`,
    );
  }
  return name as keyof LogsInputs;
}

function answerable(thrown: unknown): AwsError {
  if (thrown instanceof LogGroupNotFound) {
    return new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
  }
  return thrown instanceof InvalidFilterPattern ? invalidParameter(thrown.message) : toAwsError(thrown);
}
