import type { AwsError } from "./aws-error.ts";
import { errorResponse } from "./aws-json.ts";
import { commonError, httpStatusOf } from "./errors.ts";
import type { ApiRequest, ApiResponse } from "./http.ts";
import { problem } from "./json-answer.ts";

/** The kinds of answers that clients of the endpoint's own APIs read. */
export type Language = "own-page" | "aws-json" | "rest-json";

/** A refused call in the language of the API that was asked: AWS JSON services answer 400, the others 403. */
export function refusedCall(language: Language, error: AwsError, requestId: string): ApiResponse {
  const response = errorResponse(error, requestId);
  const status = httpStatusOf(error.code);
  switch (language) {
    case "own-page":
      return problem(status === 400 ? 403 : status, error.code, error.message);
    case "aws-json":
      return response;
    case "rest-json":
      return {
        ...response,
        status: status === 400 ? 403 : status,
        headers: { ...response.headers, "x-amzn-errortype": error.code },
      };
  }
}

/** The answer to a call of a service that the host does not have: XML where its clients read XML. */
export function notServed(
  service: string,
  served: string,
  request: ApiRequest,
  requestId: string,
): ApiResponse {
  const message = `OpenTrail does not serve ${service} here: it has ${served}.`;
  const error = commonError("UnknownOperationException", message);
  if (request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded")) {
    return {
      status: 501,
      headers: { "content-type": "text/xml", "x-amzn-requestid": requestId },
      body: queryError(error, requestId),
    };
  }
  return { ...errorResponse(error, requestId), status: 501 };
}

/** An error as services of the AWS query protocol answer it. */
function queryError({ code, message }: AwsError, requestId: string): string {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message></Error>`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<ErrorResponse>${error}<RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
