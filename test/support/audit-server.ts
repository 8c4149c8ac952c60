import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A request as a server got it. */
export interface ReceivedRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A server on a free port that keeps what it gets, and answers as it is told. */
export interface AuditServer {
  readonly endpoint: string;
  readonly requests: ReceivedRequest[];
  stop(): Promise<void>;
}

/** Starts a server. @param answer may leave the response open for ever; by default it takes every event */
export async function startAuditServer(
  answer: (response: ServerResponse, request: ReceivedRequest) => void = takeEvents,
): Promise<AuditServer> {
  const requests: ReceivedRequest[] = [];
  const server: Server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const url = new URL(incoming.url ?? "", "http://localhost");
    const request = { method: incoming.method ?? "", url, headers: incoming.headers, body };
    requests.push(request);
    answer(response, request);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    requests,
    stop: async () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function takeEvents(response: ServerResponse, { body }: ReceivedRequest): void {
  const { auditEvents } = JSON.parse(body.toString()) as { readonly auditEvents: readonly { id: string }[] };
  response.end(
    JSON.stringify({ successful: auditEvents.map(({ id }) => ({ id, eventID: id })), failed: [] }),
  );
}
