import type { AwsError } from "../error/aws-error.ts";
import type { JsonObject } from "../event/json.ts";
import type { TrailState } from "../trail/trail.ts";
import { errorResponse, jsonResponse, readJsonBody, targetOperation } from "./aws-json.ts";
import { checkInput } from "./check-input.ts";
import { decodeShape } from "./decode.ts";
import { commonError, toAwsError } from "./errors.ts";
import type { ApiRequest, Caller, Service } from "./http.ts";
import type { CloudTrailDependencies, Operation, OperationName, OperationResult } from "./operation.ts";
import { operationNamed } from "./operations.ts";
import { recordOfCall } from "./record-call.ts";
import { CLOUDTRAIL_MODEL, CLOUDTRAIL_TARGET_PREFIX, type OperationModel } from "./service-model.ts";

/** A call whose input is of its shape, though it may break constraints. */
interface Call {
  readonly operation: Operation;
  readonly model: OperationModel;
  readonly input: JsonObject;
  readonly caller: Caller;
}

type Outcome = OperationResult<JsonObject> | { readonly error: AwsError };

/**
 * The CloudTrail API, version 2013-11-01, over AWS JSON 1.1. Each call that could be read is itself recorded as a
 * management event before it is answered, failed calls too; a call whose record cannot be made durable is answered
 * ServiceUnavailable, whatever it has changed.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Operations.html
 */
export function makeCloudTrailApi(dependencies: CloudTrailDependencies): Service {
  return async (request, caller) => {
    try {
      const call = readCall(request, caller);
      const outcome = await perform(call, dependencies);
      await record(call, outcome, dependencies);
      return "error" in outcome
        ? errorResponse(outcome.error, caller.requestId)
        : jsonResponse(outcome.output, caller.requestId);
    } catch (thrown) {
      return errorResponse(answerable(thrown, dependencies), caller.requestId);
    }
  };
}

function readCall(request: ApiRequest, caller: Caller): Call {
  const name = targetOperation(request, CLOUDTRAIL_TARGET_PREFIX) ?? "";
  const model = Object.hasOwn(CLOUDTRAIL_MODEL.operations, name)
    ? CLOUDTRAIL_MODEL.operations[name]
    : undefined;
  if (!model) throw commonError("UnknownOperationException");
  const input = decodeShape(CLOUDTRAIL_MODEL, model.input, readJsonBody(request.body)) as JsonObject;
  return { operation: operationNamed(name as OperationName), model, input, caller };
}

async function perform(call: Call, dependencies: CloudTrailDependencies): Promise<Outcome> {
  const { operation, input, caller } = call;
  try {
    checkInput(operation.name, call.model.input, input);
    return await operation.run(input, { ...dependencies, caller });
  } catch (thrown) {
    return { error: answerable(thrown, dependencies) };
  }
}

async function record(
  call: Call,
  outcome: Outcome,
  { clock, ingest }: CloudTrailDependencies,
): Promise<void> {
  const { operation, input, caller } = call;
  const text = JSON.stringify(
    recordOfCall(
      { operation: operation.name, readOnly: operation.readOnly, input, result: outcome, time: clock.now() },
      caller,
    ),
  );
  const judgedBy: TrailState | undefined = "error" in outcome ? undefined : outcome.judgedBy;
  try {
    const { accepted } = await ingest({
      accountId: caller.accountId,
      origin: "api",
      records: [Buffer.from(text)],
      mayImport: false,
      ...(judgedBy && { trailState: judgedBy }),
    });
    if (accepted !== 1) throw new Error(`The record of ${operation.name} was rejected`);
  } catch (error) {
    throw commonError("ServiceUnavailable", "The call could not be recorded.", { cause: error });
  }
}

/** What may be told to the caller; what may not, and why a service is unavailable, goes to the operator. */
function answerable(thrown: unknown, { reportFailure }: CloudTrailDependencies): AwsError {
  const error = toAwsError(thrown);
  if (
    error.cause !== undefined &&
    (error.code === "InternalFailure" || error.code === "ServiceUnavailable")
  ) {
    reportFailure(error.cause);
  }
  return error;
}
