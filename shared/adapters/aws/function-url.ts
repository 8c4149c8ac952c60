import { randomUUID } from "node:crypto";
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from "aws-lambda";
import type { Dispatch } from "../../api/dispatch.ts";
import { commonError } from "../../api/errors.ts";
import type { ApiRequest, ApiResponse } from "../../api/http.ts";
import { internalFailure, problem } from "../../api/json-answer.ts";
import { languageOf, refusedCall } from "../../api/refusal.ts";
import { isJsonObject } from "../../event/json.ts";

/**
 * What Lambda takes and answers at most, in bytes of the event and of the answer as JSON.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
const PAYLOAD_LIMIT = 6 * 1024 * 1024;

/** What of an answer is not its body: status, headers, the names of the members. */
const ENVELOPE_BYTES = 16 * 1024;

/** The longest body of an answer, in bytes, whatever is in it: Lambda takes bytes as base64. */
export const LONGEST_ANSWER = Math.floor((PAYLOAD_LIMIT - ENVELOPE_BYTES) / 4) * 3;

/** JSON makes at most six bytes of one: a text of this length always fits as it is. */
const SHORT_TEXT = Math.floor((PAYLOAD_LIMIT - ENVELOPE_BYTES) / 6);

/**
 * Serves the requests of a Lambda function URL: payload format 2.0, answers in one piece. What is over Lambda's limits is
 * refused with 413.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 * @param reportFailure told why a request failed for a reason that is not the caller's
 * @throws Error if the function was invoked with something else than a request
 */
export function serveFunctionUrl(
  dispatch: Dispatch,
  reportFailure: (error: unknown) => void,
): (event: unknown) => Promise<LambdaFunctionURLResult> {
  return async (event) => {
    if (!isFunctionUrlEvent(event)) throw new Error("The event is no request of a function URL");
    const requestId = event.requestContext.requestId || randomUUID();
    const request = apiRequest(event);
    const { method, sourceIp } = event.requestContext.http;
    try {
      const refused = unreadableBody(event, request, requestId);
      return await result(refused ?? (await dispatch(request, sourceIp, requestId)), method);
    } catch (error) {
      reportFailure(error);
      return result(internalFailure(requestId), method);
    }
  };
}

function isFunctionUrlEvent(event: unknown): event is LambdaFunctionURLEvent {
  return (
    isJsonObject(event) &&
    event.version === "2.0" &&
    isJsonObject(event.headers) &&
    isJsonObject(event.requestContext) &&
    isJsonObject(event.requestContext.http)
  );
}

/** The names of headers are in lower case, and values of one name are joined with commas, as Lambda hands them over. */
function apiRequest(event: LambdaFunctionURLEvent): ApiRequest {
  const { isBase64Encoded, headers } = event;
  const body = Buffer.from(event.body ?? "", isBase64Encoded ? "base64" : "utf8");
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    query: new URLSearchParams(event.rawQueryString),
    // Clients sign the length, and a header that Lambda's front end has used up is not promised to be there.
    headers: { "content-length": String(body.length), ...(headers as Readonly<Record<string, string>>) },
    body,
  };
}

function unreadableBody(
  { body = "", isBase64Encoded }: LambdaFunctionURLEvent,
  request: ApiRequest,
  requestId: string,
): ApiResponse | undefined {
  const language = languageOf(request) ?? "rest-json";
  // Lambda refuses it before it is here; emulators do not.
  if (Buffer.byteLength(body) > PAYLOAD_LIMIT) {
    const message = `A request may have ${PAYLOAD_LIMIT} bytes, in base64 where it is no text.`;
    return refusedCall(language, commonError("RequestEntityTooLargeException", message), requestId);
  }
  if (isBase64Encoded && !(body.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(body))) {
    const message = "The request body is not valid base64.";
    return refusedCall(language, commonError("SerializationException", message), requestId);
  }
  return undefined;
}

async function result(response: ApiResponse, method: string): Promise<LambdaFunctionURLResult> {
  const { status: statusCode, headers, body } = response;
  if (method === "HEAD") return { statusCode, headers: { ...headers } };
  const whole = typeof body === "string" || Buffer.isBuffer(body) ? body : await gathered(body);
  if (typeof whole === "string" && fitsAsText(whole)) {
    return { statusCode, headers: { ...headers }, body: whole };
  }
  if (whole === undefined || Buffer.byteLength(whole) > LONGEST_ANSWER)
    return result(answerTooLarge(), method);
  const bytes = Buffer.from(whole);
  return { statusCode, headers: { ...headers }, body: bytes.toString("base64"), isBase64Encoded: true };
}

/** All of a streamed answer; undefined, and read no further, if it does not fit. */
async function gathered(body: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function fitsAsText(text: string): boolean {
  const bytes = Buffer.byteLength(text);
  return (
    bytes <= SHORT_TEXT ||
    (bytes <= PAYLOAD_LIMIT && Buffer.byteLength(JSON.stringify(text)) <= PAYLOAD_LIMIT - ENVELOPE_BYTES)
  );
}

function answerTooLarge(): ApiResponse {
  return problem(
    413,
    "AnswerTooLarge",
    `The answer has more than the ${LONGEST_ANSWER} bytes that a Lambda function can answer. Ask for less: for a page with limit and nextToken, or for a shorter time range.`,
  );
}
