import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

/** A request as the fake server saw it, its body decompressed. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: Buffer;
}

/** What it shall answer; `reset` breaks the connection without an answer. */
export type FakeAnswer =
  | { readonly status: number; readonly json: unknown; readonly headers?: Readonly<Record<string, string>> }
  | "reset";

/** A server that answers as it is told. */
export interface FakeServer extends AsyncDisposable {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

/** Starts one on a free port. */
export async function fakeServer(
  answer: (request: SeenRequest, count: number) => FakeAnswer,
): Promise<FakeServer> {
  const seen: SeenRequest[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const sent = await buffer(incoming);
    const body = incoming.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
    const request = {
      method: incoming.method ?? "",
      path: incoming.url ?? "",
      headers: incoming.headers,
      body,
    };
    seen.push(request);
    const answered = answer(request, seen.length);
    if (answered === "reset") {
      incoming.socket.resetAndDestroy();
      return;
    }
    outgoing.writeHead(answered.status, { "content-type": "application/json", ...answered.headers });
    outgoing.end(JSON.stringify(answered.json));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
