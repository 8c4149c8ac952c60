import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A request that a webhook was sent. */
export interface WebhookRequest {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly contentType: string | undefined;
  /** Parsed. */
  readonly body: unknown;
}

/** A webhook on loopback. */
export interface Webhook {
  /** Ends in a slash. */
  readonly url: string;
  /** In the order of their coming. */
  readonly requests: readonly WebhookRequest[];
  close(): Promise<void>;
}

/** Starts a webhook that answers every request with one status. */
export async function startWebhook(status = 204): Promise<Webhook> {
  const requests: WebhookRequest[] = [];
  const server = createServer(async (request, answer) => {
    const body: unknown = JSON.parse(await text(request));
    const { method, url: path, headers } = request;
    requests.push({ method, path, contentType: headers["content-type"], body });
    answer.writeHead(status, { location: "/elsewhere" }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
