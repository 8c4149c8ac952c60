import { afterEach, describe, expect, it } from "vitest";
import { makeEntry } from "../../../middleware/audit-entry.ts";
import { httpSender, PutAuditEventsError } from "../../../middleware/put-audit-events.ts";
import { verifySignature } from "../../../shared/api/signature.ts";
import { CHANNEL_ARN } from "../../support/audit-events.ts";
import { type AuditServer, startAuditServer } from "../../support/audit-server.ts";

const CHANNEL = { region: "us-east-1", accountId: "111122223333", id: "example-channel" };
const KEYS = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "secret", sessionToken: "token" };
const INPUT = { channelArn: CHANNEL_ARN, externalId: "ext+1/a", auditEvents: [makeEntry("a", "{}", 0)] };
const SIGNAL = { signal: new AbortController().signal };

let server: AuditServer;

afterEach(() => server.stop());

describe("httpSender", () => {
  it("signs with the keys of the moment, so that the host takes it", async () => {
    server = await startAuditServer();
    const used: string[] = [];
    const send = httpSender(CHANNEL, `${server.endpoint}/`, async () => {
      used.push("asked");
      return KEYS;
    });

    await send(INPUT, SIGNAL);
    await send(INPUT, SIGNAL);

    const [request] = server.requests;
    const headers = Object.fromEntries(
      Object.entries(request?.headers ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const signed = {
      method: "POST",
      path: request?.url.pathname ?? "",
      query: request?.url.searchParams ?? new URLSearchParams(),
      headers,
      body: request?.body ?? Buffer.alloc(0),
    };
    expect(() => verifySignature(signed, () => KEYS.secretAccessKey, Date.now())).not.toThrow();
    expect(signed.path).toBe("/PutAuditEvents");
    expect(signed.query.get("channelArn")).toBe(CHANNEL_ARN);
    expect(signed.query.get("externalId")).toBe("ext+1/a");
    expect(headers.authorization).toContain("/us-east-1/cloudtrail-data/aws4_request");
    expect(used.length).toBe(2);
  });

  it("tells the service's code, status and Retry-After", async () => {
    server = await startAuditServer((response) => {
      response.writeHead(429, { "x-amzn-errortype": "ThrottlingException:http://x", "retry-after": "3" });
      response.end('{"message":"slower"}');
    });
    const send = httpSender(CHANNEL, server.endpoint, KEYS);

    await expect(send(INPUT, SIGNAL)).rejects.toMatchObject({
      name: "PutAuditEventsError",
      code: "ThrottlingException",
      status: 429,
      retryAfterMs: 3_000,
      message: expect.stringContaining("slower"),
    });
  });

  it.each([
    [503, "<html>busy</html>", PutAuditEventsError],
    [200, "<html>hello</html>", Error],
    [200, '{"successful":[]}', Error],
  ])("rejects an answer %i of something else: %s", async (status, text, kind) => {
    server = await startAuditServer((response) => response.writeHead(status).end(text));

    await expect(httpSender(CHANNEL, server.endpoint, KEYS)(INPUT, SIGNAL)).rejects.toThrow(kind);
  });

  it("ends a call when it is told to", async () => {
    server = await startAuditServer(() => undefined);
    const timeout = AbortSignal.timeout(50);

    await expect(
      httpSender(CHANNEL, server.endpoint, KEYS)(INPUT, { signal: timeout }),
    ).rejects.toMatchObject({ name: "TimeoutError" });
  });
});
