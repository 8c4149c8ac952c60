import type { AwsError } from "../error/aws-error.ts";
import { isJsonObject, type JsonObject } from "../event/json.ts";
import { commonError, httpStatusOf } from "./errors.ts";
import type { ApiRequest, ApiResponse } from "./http.ts";

/** No request of CloudTrail's is longer; a longer body is refused unread. */
const LONGEST_BODY = 1024 * 1024;

const JSON_1_1 = "application/x-amz-json-1.1";

/**
 * The operation that an AWS JSON request names in `X-Amz-Target`, or undefined if the header names none of the
 * service's. Clients made from older models send the whole prefix, newer ones only its last part, the service's name.
 * https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
 */
export function targetOperation(request: ApiRequest, targetPrefix: string): string | undefined {
  const [service, operation] = (request.headers["x-amz-target"] ?? "").split(/\.(?=[^.]*$)/);
  return service === targetPrefix || service === targetPrefix.split(".").at(-1) ? operation : undefined;
}

/**
 * The JSON object in a request's body; an empty body is an empty object.
 * @throws AwsError SerializationException if there is no such thing in it, RequestEntityTooLargeException over
 *   `longest` bytes
 */
export function readJsonBody(body: Buffer, longest = LONGEST_BODY): JsonObject {
  if (body.length > longest) throw commonError("RequestEntityTooLargeException");
  if (body.length === 0) return {};
  const parsed = parse(body);
  if (!isJsonObject(parsed)) {
    throw commonError("SerializationException", "Start of structure or map found where not expected.");
  }
  return parsed;
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
  } catch (error) {
    throw commonError("SerializationException", undefined, { cause: error });
  }
}

/** The answer of an operation. Members that are undefined are left out. */
export function jsonResponse(output: object, requestId: string, contentType = JSON_1_1): ApiResponse {
  return {
    status: 200,
    headers: { "content-type": contentType, "x-amzn-requestid": requestId },
    body: JSON.stringify(output),
  };
}

/** An error as AWS JSON services answer it: the code as `__type`, and the message. */
export function errorResponse(error: AwsError, requestId: string): ApiResponse {
  return {
    status: httpStatusOf(error.code),
    headers: { "content-type": JSON_1_1, "x-amzn-requestid": requestId },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}
