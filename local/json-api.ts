import { errorResponse, jsonResponse, readJsonBody, targetOperation } from "../shared/api/aws-json.ts";
import { decodeShape } from "../shared/api/decode.ts";
import { commonError } from "../shared/api/errors.ts";
import type { Caller, Service } from "../shared/api/http.ts";
import type { ServiceModel } from "../shared/api/service-model.ts";
import { validationMessage, violationsOf } from "../shared/api/validate.ts";
import type { AwsError } from "../shared/error/aws-error.ts";
import type { JsonObject } from "../shared/event/json.ts";

/** A small part of an AWS service that speaks AWS JSON 1.1. */
export interface JsonApi<Inputs> {
  /** The service's name, for people. */
  readonly service: string;
  /** `X-Amz-Target` is this, a dot and the operation's name. */
  readonly targetPrefix: string;
  /** Operation `X` takes the shape `XRequest`. */
  readonly model: ServiceModel;
  readonly operations: {
    readonly [Name in keyof Inputs]: (input: Inputs[Name], caller: Caller) => Promise<object>;
  };
  /** Bytes of a request's body at most. */
  readonly longestBody: number;
  /** The error for input that breaks the model's constraints. */
  readonly invalid: (message: string) => AwsError;
  /** What was thrown, as an error that may be answered. */
  readonly answerable: (thrown: unknown) => AwsError;
  /** Told of what callers are not: the cause of an InternalFailure. */
  readonly reportFailure: (error: unknown) => void;
}

/** Serves the part: finds the operation, checks its input against the model, and answers its output or its error. */
export function makeJsonApi<Inputs>(api: JsonApi<Inputs>): Service {
  return async (request, caller) => {
    try {
      const name = targetOperation(request, api.targetPrefix) ?? "";
      if (!Object.hasOwn(api.operations, name)) {
        throw commonError(
          "UnknownOperationException",
          `OpenTrail's part of ${api.service} does not have ${name}.`,
        );
      }
      const shape = `${name}Request`;
      const body = readJsonBody(request.body, api.longestBody);
      const input = decodeShape(api.model, shape, body) as JsonObject;
      const violations = violationsOf(api.model, shape, input);
      if (violations.length > 0) throw api.invalid(validationMessage(violations));

      // The check was made by the same model as the types: what passed it is of the operation's input type.
      const output = await api.operations[name as keyof Inputs](input as Inputs[keyof Inputs], caller);
      return jsonResponse(output, caller.requestId);
    } catch (thrown) {
      const error = api.answerable(thrown);
      if (error.code === "InternalFailure") api.reportFailure(error.cause);
      return errorResponse(error, caller.requestId);
    }
  };
}
