import type { AwsError } from "../error/aws-error.ts";
import { errorResponse } from "./aws-json.ts";
import { commonError, httpStatusOf } from "./errors.ts";
import type { ApiRequest, ApiResponse } from "./http.ts";
import { problem } from "./json-answer.ts";

/** The kinds of answers that clients of the endpoint's own APIs read. */
type Language = "own-page" | "aws-json" | "rest-json";

/** What the paths of OpenTrail's own pages start with. */
export const OWN_PAGES = "/_opentrail/";
export const PUT_AUDIT_EVENTS = "/PutAuditEvents";

/** What the client of a request reads, also where its signature cannot be read; undefined: what SNS or S3 answer. */
export function languageOf(request: ApiRequest): Language | undefined {
  if (request.path.startsWith(OWN_PAGES)) return "own-page";
  if (request.headers["x-amz-target"] !== undefined) return "aws-json";
  return request.path === PUT_AUDIT_EVENTS ? "rest-json" : undefined;
}

/** Errors of who calls, which AWS JSON services answer with 400, and the others with 403. */
const SIGNATURE_ERRORS: ReadonlySet<string> = new Set([
  "ExpiredTokenException",
  "IncompleteSignatureException",
  "InvalidSignatureException",
  "MissingAuthenticationTokenException",
  "UnrecognizedClientException",
]);

/** A call that was refused before its service saw it, in the language of the API that was asked. */
export function refusedCall(language: Language, error: AwsError, requestId: string): ApiResponse {
  const response = errorResponse(error, requestId);
  const status = SIGNATURE_ERRORS.has(error.code) ? 403 : httpStatusOf(error.code);
  switch (language) {
    case "own-page":
      return problem(status, error.code, error.message);
    case "aws-json":
      return response;
    case "rest-json":
      return {
        ...response,
        status,
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
