import type { LambdaFunctionURLEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { LONGEST_ANSWER, serveFunctionUrl } from "../../../../shared/adapters/aws/function-url.ts";
import type { ApiRequest, ApiResponse } from "../../../../shared/api/http.ts";
import { functionUrlEvent } from "../../../support/function-url.ts";

const MIB = 1024 * 1024;
const PAYLOAD_LIMIT = 6 * MIB;
const OK: ApiResponse = { status: 200, headers: { "x-own": "yes" }, body: "{}" };

interface Seen {
  readonly request: ApiRequest;
  readonly peer: string;
  readonly requestId: string;
}

async function serve(event: unknown, response: ApiResponse | Error = OK) {
  const seen: Seen[] = [];
  const failures: unknown[] = [];
  const handler = serveFunctionUrl(
    async (request, peer, requestId) => {
      seen.push({ request, peer, requestId });
      if (response instanceof Error) throw response;
      return response;
    },
    (error) => failures.push(error),
  );
  const result = await handler(event);
  if (typeof result === "string") throw new Error("A text was answered");
  return { result, seen: seen[0], failures };
}

function answer(
  body: ApiResponse["body"],
  event: Partial<LambdaFunctionURLEvent> & { method?: string } = {},
) {
  return serve(functionUrlEvent(event), { ...OK, body });
}

describe("a request", () => {
  it("is what the client sent: method, path, query, headers and body", async () => {
    const event = functionUrlEvent({
      method: "PUT",
      rawPath: "/PutAuditEvents",
      rawQueryString: "channelArn=arn%3Aaws&externalId=a%2Bb+c",
      headers: { "content-type": "application/json", cookie: "a=1" },
      body: '{"auditEvents":["ü"]}',
    });

    const { seen, result } = await serve(event);

    expect(seen?.request).toMatchObject({ method: "PUT", path: "/PutAuditEvents" });
    expect(seen?.request.headers).toMatchObject({
      "content-type": "application/json",
      host: event.requestContext.domainName,
    });
    expect(Object.fromEntries(seen?.request.query ?? [])).toEqual({
      channelArn: "arn:aws",
      externalId: "a+b c",
    });
    expect(seen?.request.body.toString()).toBe('{"auditEvents":["ü"]}');
    expect(result).toEqual({ statusCode: 200, headers: { "x-own": "yes" }, body: "{}" });
  });

  it("comes from the address that Lambda names, whatever the client says, and has Lambda's id", async () => {
    const event = functionUrlEvent({ headers: { "x-forwarded-for": "203.0.113.9" } });

    const { seen } = await serve(event);

    expect(seen?.peer).toBe("192.0.2.7");
    expect(seen?.requestId).toBe(event.requestContext.requestId);
  });

  it("has its bytes where Lambda hands them over in base64, and none without a body", async () => {
    const bytes = Buffer.from([0x1f, 0x8b, 0, 255]);

    const coded = await serve(functionUrlEvent({ body: bytes.toString("base64"), isBase64Encoded: true }));
    const empty = await serve(functionUrlEvent());

    expect(coded.seen?.request.body).toEqual(bytes);
    expect(empty.seen?.request.body).toHaveLength(0);
  });

  it("has the length that clients sign, of its bytes, also where the header is not there any more", async () => {
    const kept = await serve(functionUrlEvent({ headers: { "content-length": "7" }, body: "{}" }));
    const lost = await serve(functionUrlEvent({ body: "ü" }));

    expect(kept.seen?.request.headers["content-length"]).toBe("7");
    expect(lost.seen?.request.headers["content-length"]).toBe("2");
  });

  it.each(["AAA", "AA=A", "A-_A", "AAAA\n"])(
    "with the body %j, which is no base64, is refused",
    async (body) => {
      const event = functionUrlEvent({
        body,
        isBase64Encoded: true,
        headers: { "x-amz-target": "CloudTrail_20131101.ListTrails" },
      });

      const { result, seen } = await serve(event);

      expect(seen).toBeUndefined();
      expect(result.statusCode).toBe(400);
      expect(JSON.parse(result.body ?? "")).toMatchObject({ __type: "SerializationException" });
    },
  );

  it("of 6 MiB is taken, and one of a byte more refused in the words of its API", async () => {
    const full = "x".repeat(PAYLOAD_LIMIT);
    const target = { "x-amz-target": "CloudTrail_20131101.ListTrails" };

    const taken = await serve(functionUrlEvent({ body: full }));
    const api = await serve(functionUrlEvent({ body: `${full}x`, headers: target }));
    const bulk = await serve(functionUrlEvent({ body: `${full}x`, rawPath: "/_opentrail/records" }));

    expect(taken.seen?.request.body).toHaveLength(PAYLOAD_LIMIT);
    expect([api.result.statusCode, bulk.result.statusCode]).toEqual([413, 413]);
    expect(JSON.parse(api.result.body ?? "")).toMatchObject({ __type: "RequestEntityTooLargeException" });
    expect(JSON.parse(bulk.result.body ?? "")).toMatchObject({ code: "RequestEntityTooLargeException" });
    expect(api.seen).toBeUndefined();
  });

  it.each([
    undefined,
    null,
    "text",
    {},
    { Records: [] },
    { version: "1.0", headers: {}, requestContext: { http: {} } },
  ])("%j is none", async (event) => {
    await expect(serve(event)).rejects.toThrow("no request of a function URL");
  });
});

describe("an answer", () => {
  async function* chunks(count: number, bytes: number): AsyncGenerator<Uint8Array> {
    for (let sent = 0; sent < count; sent += 1) yield Buffer.alloc(bytes, "a");
  }

  it("of bytes goes as base64", async () => {
    const { result } = await answer(Buffer.from([0, 255]));

    expect(result).toMatchObject({ body: "AP8=", isBase64Encoded: true });
  });

  it("that is streamed goes in one piece", async () => {
    const { result } = await answer(chunks(3, 2));

    expect(Buffer.from(result.body ?? "", "base64").toString()).toBe("aaaaaa");
  });

  it("to a HEAD has no body", async () => {
    const { result } = await answer("text", { method: "HEAD" });

    expect(result).toEqual({ statusCode: 200, headers: { "x-own": "yes" } });
  });

  it.each([
    ["a text without anything to escape", "a".repeat(5 * MIB)],
    ["a text that JSON makes six times as long", "\u0001".repeat(LONGEST_ANSWER)],
    ["bytes", Buffer.alloc(LONGEST_ANSWER)],
  ])("of %s fits Lambda's payload, and comes back whole", async (_what, body) => {
    const { result } = await answer(body);

    expect(result.statusCode).toBe(200);
    expect(Buffer.byteLength(JSON.stringify(result))).toBeLessThanOrEqual(PAYLOAD_LIMIT);
    const got = Buffer.from(result.body ?? "", result.isBase64Encoded ? "base64" : "utf8");
    expect(got.equals(Buffer.from(body))).toBe(true);
  });

  it.each([
    ["a text", () => "\u0001".repeat(LONGEST_ANSWER + 1)],
    ["bytes", () => Buffer.alloc(LONGEST_ANSWER + 1)],
    ["a stream", () => chunks(LONGEST_ANSWER / MIB + 1, MIB)],
  ] as const)("of %s that does not fit is refused, and says what to do", async (_what, body) => {
    const { result } = await answer(body());

    expect(result.statusCode).toBe(413);
    expect(JSON.parse(result.body ?? "")).toMatchObject({
      code: "AnswerTooLarge",
      message: expect.stringContaining("nextToken"),
    });
  });

  it("that cannot be given for a fault of ours is a 500 with the request's id, and the fault is reported", async () => {
    const fault = new Error("a secret detail");
    const event = functionUrlEvent();

    const { result, failures } = await serve(event, fault);

    expect(result.statusCode).toBe(500);
    expect(result.headers).toMatchObject({ "x-amzn-requestid": event.requestContext.requestId });
    expect(result.body).not.toContain("secret");
    expect(failures).toEqual([fault]);
  });
});
