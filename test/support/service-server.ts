import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import type { ApiRequest, Caller, Service } from "../../shared/api/http.ts";

/** One service on a port of its own. */
export interface ServiceServer {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Who calls, unless a test says otherwise. */
export const testCaller: Omit<Caller, "requestId"> = {
  accountId: "111122223333",
  region: "us-east-1",
  accessKeyId: "111122223333",
  userIdentity: { type: "Root", accountId: "111122223333" },
  sourceIPAddress: "127.0.0.1",
  userAgent: "test",
  mayImport: true,
};

/**
 * Serves the service alone on a free loopback port.
 * @param callerOf whose a request is; its signature is not looked at
 */
export async function serveService(
  service: Service,
  callerOf: (request: ApiRequest) => Partial<Caller> = () => ({}),
): Promise<ServiceServer> {
  const server = createServer((message, answer) => {
    void (async () => {
      const request = await apiRequest(message);
      const { status, headers, body } = await service(request, {
        ...testCaller,
        requestId: randomUUID(),
        ...callerOf(request),
      });
      answer.writeHead(status, headers);
      if (typeof body === "string" || Buffer.isBuffer(body)) {
        answer.end(body);
      } else {
        await pipeline(Readable.from(body), answer);
      }
    })().catch((error: unknown) => {
      // A client that has all it wants may close before the last chunk's end has come.
      if (!(error instanceof Error && "code" in error && error.code === "ERR_STREAM_PREMATURE_CLOSE")) {
        console.error(error);
      }
      answer.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function apiRequest(message: IncomingMessage): Promise<ApiRequest> {
  const [path = "/", query = ""] = (message.url ?? "/").split(/\?(.*)/s);
  const headers = Object.entries(message.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: message.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers),
    body: await buffer(message),
  };
}
