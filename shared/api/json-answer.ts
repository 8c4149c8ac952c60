import type { ApiResponse } from "./http.ts";

/** A JSON answer of OpenTrail's own pages under `/_opentrail/`. */
export function json(
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse {
  return {
    status,
    headers: { "content-type": "application/json", ...headers },
    body: `${JSON.stringify(value)}\n`,
  };
}

/** An error of those pages: `{"code":"…","message":"…"}`. */
export function problem(
  status: number,
  code: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ApiResponse {
  return json(status, { code, message }, headers);
}

/** The answer to a request that failed for a reason that the caller is not told. */
export function internalFailure(requestId: string): ApiResponse {
  return problem(500, "InternalFailure", "The request failed for a reason that is not the caller's", {
    "x-amzn-requestid": requestId,
  });
}
