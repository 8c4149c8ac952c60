import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Dispatch } from "../shared/api/dispatch.ts";
import type { ApiRequest, ApiResponse } from "../shared/api/http.ts";
import { internalFailure, problem } from "../shared/api/json-answer.ts";
import { releaseMemory } from "../shared/bytes/release-memory.ts";

/** The largest request body that is read, in bytes: above what any service takes. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** The port that everything is served on. */
export interface FrontDoor {
  readonly port: number;
  /** Takes no more connections, and resolves when the requests under way are answered, or have had their time. */
  close(): Promise<void>;
}

/** How long requests under way are waited for at the end, in ms: a client that stalls must not hold the host. */
const CLOSE_GRACE_MS = 3_000;

/** How long a client that sends too much may take to read the refusal before it is cut off, in ms. */
const REFUSAL_GRACE_MS = 2_000;

/** Opens the port. @throws if the address is taken */
export async function openFrontDoor(
  dispatch: Dispatch,
  address: { readonly host: string; readonly port: number },
  onFailure: (problem: unknown) => void,
): Promise<FrontDoor> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, dispatch, onFailure).catch((error: unknown) => {
      onFailure(error);
      outgoing.destroy();
    });
  });
  await listen(server, address);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        const grace = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
        server.close(() => {
          clearTimeout(grace);
          resolve();
        });
      }),
  };
}

function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  dispatch: Dispatch,
  onFailure: (problem: unknown) => void,
): Promise<void> {
  const requestId = randomUUID();
  const body = await readBody(incoming);
  if (body === "aborted") {
    outgoing.destroy();
    return;
  }
  if (body === "too large") {
    outgoing.shouldKeepAlive = false;
    const refusal = problem(413, "RequestTooLarge", `A request body may have ${MAX_BODY_BYTES} bytes`);
    await send(outgoing, refusal, incoming.method);
    // A connection that is closed while the client still sends is reset, and the answer may never be read.
    incoming.resume();
    setTimeout(() => incoming.destroy(), REFUSAL_GRACE_MS).unref();
    return;
  }
  let response: ApiResponse;
  try {
    const peer = incoming.socket.remoteAddress ?? "";
    response = await dispatch(toApiRequest(incoming, body.bytes), peer, requestId);
  } catch (error) {
    onFailure(error);
    response = internalFailure(requestId);
  }
  await send(outgoing, response, incoming.method);
  if (body.isOwn) {
    releaseMemory(body.bytes);
  }
}

/** A request's body. */
interface Body {
  readonly bytes: Buffer;
  /** Whether nothing else lies in the same memory: what came in one piece may share it with the next request. */
  readonly isOwn: boolean;
}

/** The whole body; or why there is none: it is over the limit, or the client went away. */
async function readBody(incoming: IncomingMessage): Promise<Body | "too large" | "aborted"> {
  if (Number(incoming.headers["content-length"]) > MAX_BODY_BYTES) {
    return "too large";
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of incoming.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MAX_BODY_BYTES) {
        return "too large";
      }
      chunks.push(chunk);
    }
  } catch {
    return "aborted";
  }
  const [first] = chunks;
  return first && chunks.length === 1
    ? { bytes: first, isOwn: false }
    : { bytes: joined(chunks, bytes), isOwn: true };
}

/** Memory comes in so many bytes: bodies of few sizes fit into the memory of those before them. */
const GRAIN_BYTES = 1024 * 1024;

function joined(chunks: readonly Buffer[], bytes: number): Buffer {
  const body = Buffer.allocUnsafeSlow(Math.ceil(bytes / GRAIN_BYTES) * GRAIN_BYTES);
  let end = 0;
  for (const chunk of chunks) {
    end += chunk.copy(body, end);
  }
  return body.subarray(0, end);
}

function toApiRequest(incoming: IncomingMessage, body: Buffer): ApiRequest {
  const target = incoming.url ?? "/";
  const questionMark = target.indexOf("?");
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined) {
      headers[name] = Array.isArray(value) ? value.join(", ") : value;
    }
  }
  return {
    method: incoming.method ?? "GET",
    path: questionMark === -1 ? target : target.slice(0, questionMark),
    query: new URLSearchParams(questionMark === -1 ? "" : target.slice(questionMark + 1)),
    headers,
    body,
  };
}

async function send(
  outgoing: ServerResponse,
  response: ApiResponse,
  method: string | undefined,
): Promise<void> {
  outgoing.statusCode = response.status;
  for (const [name, value] of Object.entries(response.headers)) {
    outgoing.setHeader(name, value);
  }
  const { body } = response;
  if (typeof body === "string" || Buffer.isBuffer(body)) {
    if (method !== "HEAD" && !outgoing.hasHeader("content-length")) {
      outgoing.setHeader("content-length", Buffer.byteLength(body));
    }
    outgoing.end(method === "HEAD" ? undefined : body);
    return;
  }
  try {
    await pipeline(Readable.from(body), outgoing);
  } catch (error) {
    // Who went away in the middle of an answer is no failure of the host.
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") {
      throw error;
    }
  }
}
