import { type SigningKeys, signRequest } from "../shared/api/sign-request.ts";
import { CommandFailure, describeError, errorCode } from "./command-failure.ts";

/** The server that a client command talks to, and as whom. Requests are signed where there are keys. */
export interface Endpoint {
  /** `http://127.0.0.1:4570`; it may have a path, which those of the server come after, and has no slash at its end. */
  readonly url: string;
  readonly region: string;
  readonly keys: SigningKeys | undefined;
}

/** An answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends one request. @throws whatever `fetch` throws */
export async function send(
  endpoint: Endpoint,
  method: "GET" | "POST",
  path: string,
  headers: Readonly<Record<string, string>> = {},
  body: Uint8Array = new Uint8Array(),
): Promise<Answer> {
  const response = await request(endpoint, method, path, headers, body);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Asks for something of any length: the answer's body is not read yet. @throws CommandFailure that says what is wrong */
export async function open(endpoint: Endpoint, path: string): Promise<Response> {
  try {
    return await request(endpoint, "GET", path, {}, new Uint8Array());
  } catch (cause) {
    throw notAsked(endpoint, cause);
  }
}

async function request(
  endpoint: Endpoint,
  method: "GET" | "POST",
  path: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
): Promise<Response> {
  const url = new URL(endpoint.url + path);
  const signature =
    endpoint.keys === undefined
      ? {}
      : signRequest({ method, url, body }, endpoint.keys, endpoint.region, new Date());
  return fetch(url, {
    method,
    headers: { ...headers, ...signature },
    ...(method === "POST" ? { body } : {}),
  });
}

/** Gets a JSON document of OpenTrail's own. @throws CommandFailure that says what is wrong */
export async function getJson<T>(endpoint: Endpoint, path: string): Promise<T> {
  return readJson(endpoint, await tryToSend(endpoint, "GET", path));
}

/** Posts a JSON document. @throws CommandFailure that says what is wrong */
export async function postJson<T>(endpoint: Endpoint, path: string, document: unknown): Promise<T> {
  const body = Buffer.from(JSON.stringify(document));
  return readJson(endpoint, await tryToSend(endpoint, "POST", path, body));
}

/** Says what to do when nothing listens at the endpoint. */
export function noServerMessage(endpoint: Endpoint): string {
  return `No server answers at ${endpoint.url}. Start one with "opentrail start", or name another with --endpoint.`;
}

/** The message of an error answer, in whichever of the usual members it stands. */
export function messageOf(answer: Answer): string {
  try {
    const document = JSON.parse(answer.text) as Readonly<Record<string, unknown>>;
    const message = document.message ?? document.Message;
    if (typeof message === "string") {
      return message;
    }
  } catch {
    // Not JSON: the text speaks for itself.
  }
  return answer.text.slice(0, 300).trim() || "no message";
}

async function tryToSend(
  endpoint: Endpoint,
  method: "GET" | "POST",
  path: string,
  body?: Uint8Array,
): Promise<Answer> {
  try {
    return await send(endpoint, method, path, { "content-type": "application/json" }, body);
  } catch (cause) {
    throw notAsked(endpoint, cause);
  }
}

function notAsked(endpoint: Endpoint, cause: unknown): CommandFailure {
  const message =
    errorCode(cause) === "ECONNREFUSED"
      ? noServerMessage(endpoint)
      : `The server at ${endpoint.url} could not be asked: ${describeError(cause)}`;
  return new CommandFailure(message, { cause });
}

/** Reads an answer that is a JSON document of OpenTrail's own. @throws CommandFailure */
export function readJson<T>(endpoint: Endpoint, answer: Answer): T {
  if (answer.status !== 200) {
    throw new CommandFailure(`${endpoint.url} answered ${answer.status}: ${messageOf(answer)}`);
  }
  try {
    return JSON.parse(answer.text) as T;
  } catch (cause) {
    throw new CommandFailure(`What answers at ${endpoint.url} is no OpenTrail server.`, { cause });
  }
}
