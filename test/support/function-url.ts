import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from "aws-lambda";

/** What a function URL hands over: `POST /` from 192.0.2.7 without a body, unless the test says otherwise. */
export function functionUrlEvent(
  changes: Partial<Omit<LambdaFunctionURLEvent, "requestContext">> & { readonly method?: string } = {},
): LambdaFunctionURLEvent {
  const { method = "POST", ...fields } = changes;
  const domainPrefix = "abcdefghijklmnopqrstuvwxyz012345";
  const domainName = `${domainPrefix}.lambda-url.us-east-1.on.aws`;
  const path = fields.rawPath ?? "/";
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: "",
    isBase64Encoded: false,
    ...fields,
    headers: { host: domainName, "x-forwarded-for": "192.0.2.7", ...fields.headers },
    requestContext: {
      accountId: "anonymous",
      apiId: domainPrefix,
      domainName,
      domainPrefix,
      http: { method, path, protocol: "HTTP/1.1", sourceIp: "192.0.2.7", userAgent: "test" },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: "31/Jan/2026:12:00:00 +0000",
      timeEpoch: Date.UTC(2026, 0, 31, 12),
    },
  };
}

/** A function behind an address, as a function URL is. */
export interface FunctionUrl {
  readonly endpoint: string;
  close(): Promise<void>;
}

/** Serves a function on a free loopback port: turns requests into its events, and its results into answers. */
export async function serveFunction(
  handler: (event: LambdaFunctionURLEvent) => Promise<LambdaFunctionURLResult>,
): Promise<FunctionUrl> {
  const server = createServer((message, answer) => {
    void (async () => {
      const result = await handler(await eventOf(message));
      if (typeof result === "string") throw new Error("The function answered a text");
      const { statusCode, headers, body = "", isBase64Encoded } = result;
      answer.writeHead(statusCode ?? 200, headers as Record<string, string>);
      answer.end(Buffer.from(body, isBase64Encoded ? "base64" : "utf8"));
    })().catch((error: unknown) => {
      console.error(error);
      answer.writeHead(502).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Lambda hands text types over as they are, and everything else in base64. */
async function eventOf(message: IncomingMessage): Promise<LambdaFunctionURLEvent> {
  const [rawPath = "/", rawQueryString = ""] = (message.url ?? "/").split(/\?(.*)/s);
  const body = await buffer(message);
  const headers = Object.fromEntries(
    Object.entries(message.headers).map(([name, value]) => [name, [value].flat().join(",")]),
  );
  const isText = /^(?:text\/|application\/json)/.test(headers["content-type"] ?? "");
  return functionUrlEvent({
    method: message.method ?? "GET",
    rawPath,
    rawQueryString,
    headers,
    ...(body.length > 0 && {
      body: body.toString(isText ? "utf8" : "base64"),
      isBase64Encoded: !isText,
    }),
  });
}
