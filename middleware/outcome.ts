import { STATUS_CODES } from "node:http";
import { firstText, memberOf } from "./unknown-value.ts";

/** How a call ended. Without an error code it went well. */
export interface Outcome {
  readonly errorCode?: string;
  readonly errorMessage?: string;
}

/** Members of errors' bodies, by how well they name the error. */
const CODES = ["errorCode", "code", "__type", "error", "title", "name"];
const MESSAGES = ["errorMessage", "message", "Message", "detail", "error_description"];

/** Characters of an answer's body that is read. */
const LONGEST_BODY = 256 * 1024;

/** The outcome of a handler that threw. Errors of `http-errors` and of the AWS SDK have a code of their own. */
export function outcomeOfError(error: unknown): Outcome {
  if (!(error instanceof Error)) return { errorCode: "Error", errorMessage: String(error) };
  const code = firstText(error, ["code", "errorCode"]) ?? error.name;
  return { errorCode: code === "" ? "Error" : code, errorMessage: error.message };
}

/**
 * The outcome of an HTTP answer: with a status of 400 or more it failed. The code is the one that a JSON body names, else the
 * status's: `NotFound`.
 */
export function outcomeOfResponse(response: unknown): Outcome {
  const status = statusOf(response);
  if (status === undefined || status < 400) return {};
  const body = responseBody(response);
  const errorMessage = firstText(body, MESSAGES);
  return {
    errorCode: firstText(body, CODES) ?? codeOfStatus(status),
    ...(errorMessage === undefined ? {} : { errorMessage }),
  };
}

/** What an answer says: the parsed body of an HTTP answer (undefined if it is not JSON), or all of another one. */
export function responseBody(response: unknown): unknown {
  if (statusOf(response) === undefined) return response;
  const body = memberOf(response, "body");
  if (typeof body !== "string") return body;
  if (body.length > LONGEST_BODY) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function statusOf(response: unknown): number | undefined {
  const status = Number(memberOf(response, "statusCode") ?? Number.NaN);
  return Number.isInteger(status) ? status : undefined;
}

function codeOfStatus(status: number): string {
  return STATUS_CODES[status]?.replace(/[^A-Za-z]/g, "") ?? `Status${status}`;
}
