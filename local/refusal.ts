import type { AwsError } from "../shared/api/aws-error.ts";
import { errorResponse } from "../shared/api/aws-json.ts";
import { commonError } from "../shared/api/errors.ts";
import type { ApiRequest, ApiResponse } from "../shared/api/http.ts";
import { problem } from "./json-answer.ts";
import { s3ErrorOfSignature, s3ErrorResponse } from "./s3/s3-api.ts";
import { xmlDocument } from "./s3/xml.ts";

/** The kinds of answers that the APIs on the port give. */
export type Language = "own-page" | "aws-json" | "rest-json" | "s3";

/**
 * A refused signature in the language of the API that was asked: AWS JSON services answer 400, REST services and
 * our own pages 403, and S3 has codes of its own.
 */
export function refusedSignature(
  language: Language,
  error: AwsError,
  request: ApiRequest,
  requestId: string,
): ApiResponse {
  switch (language) {
    case "own-page":
      return problem(403, error.code, error.message);
    case "s3":
      return s3ErrorResponse(s3ErrorOfSignature(error), request, requestId);
    case "aws-json":
      return errorResponse(error, requestId);
    case "rest-json": {
      const response = errorResponse(error, requestId);
      return { ...response, status: 403, headers: { ...response.headers, "x-amzn-errortype": error.code } };
    }
  }
}

/** The answer to a call of a service that the host does not have: XML where its clients read XML. */
export function notServed(service: string, request: ApiRequest, requestId: string): ApiResponse {
  const message = `OpenTrail does not serve ${service}: it has the CloudTrail API, PutAuditEvents, and parts of S3 and CloudWatch Logs.`;
  const error = commonError("UnknownOperationException", message);
  if (request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    const body = xmlDocument("ErrorResponse", {
      Error: { Type: "Sender", Code: error.code, Message: message },
      RequestId: requestId,
    });
    return { status: 501, headers: { "content-type": "text/xml", "x-amzn-requestid": requestId }, body };
  }
  return { ...errorResponse(error, requestId), status: 501 };
}
