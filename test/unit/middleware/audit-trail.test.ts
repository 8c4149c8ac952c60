import middy from "@middy/core";
import type { Context } from "aws-lambda";
import { describe, expect, it } from "vitest";
import { auditHandler } from "../../../middleware/audit-handler.ts";
import { auditTrail } from "../../../middleware/audit-trail.ts";
import { audited } from "../../../middleware/audited.ts";
import type { CallOptions } from "../../../middleware/call-options.ts";
import { HIDDEN } from "../../../middleware/redacted-copy.ts";
import { httpApiEvent, restApiEvent } from "../../support/api-gateway-events.ts";
import { CALL, takeAll, testRecorder } from "../../support/audit-events.ts";

const OPTIONS = { eventSource: "shop.example.com", routes: { "POST /orders/{id}/refund": "RefundOrder" } };

const CONTEXT = { awsRequestId: "lambda-1", getRemainingTimeInMillis: () => 10_000 } as unknown as Context;

type Handler = (event: unknown, context: Context) => Promise<unknown>;

/** Both wrappers, around the same handler. */
const WRAPPERS = [
  ["auditTrail", (body: Handler, options) => middy(body as never).use(auditTrail(options)) as Handler],
  ["auditHandler", (body: Handler, options) => auditHandler(body, options)],
] satisfies [string, (body: Handler, options: Parameters<typeof auditTrail>[0]) => Handler][];

describe.each(WRAPPERS)("%s", (_, wrap) => {
  function prepare(
    body: Handler,
    options: Partial<CallOptions> = {},
    ...recording: Parameters<typeof testRecorder>
  ) {
    const test = testRecorder(...recording);
    const handler = wrap(body, { ...OPTIONS, ...options, recorder: test.recorder });
    return { ...test, handler };
  }

  it("records a call of an HTTP API, without secrets and headers, and sends it before it ends", async () => {
    const { handler, events } = prepare(async () => ({ statusCode: 200, body: '{"refunded":12}' }));

    const response = await handler(httpApiEvent(), CONTEXT);

    expect(response).toEqual({ statusCode: 200, body: '{"refunded":12}' });
    expect(events()).toEqual([
      {
        version: "1.0",
        userIdentity: { type: "Anonymous", principalId: "anonymous", details: {} },
        userAgent: "shop-app/3.1",
        eventSource: "shop.example.com",
        eventName: "RefundOrder",
        eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        UID: expect.any(String),
        requestParameters: {
          path: "/orders/{id}/refund",
          pathParameters: { id: "7" },
          queryStringParameters: { notify: "yes" },
          body: { amount: 12, card: { number: "4111", cvv: HIDDEN }, password: HIDDEN },
        },
        sourceIPAddress: "192.0.2.10",
        additionalEventData: { requestID: "request-1" },
      },
    ]);
  });

  it("records a call of a REST API, with every value of a repeated parameter", async () => {
    const { handler, events } = prepare(async () => ({ statusCode: 200 }));

    await handler(restApiEvent(), CONTEXT);

    expect(events()).toMatchObject([
      {
        eventName: "GetOrdersById",
        userAgent: "curl/8",
        sourceIPAddress: "198.51.100.7",
        requestParameters: { path: "/orders/{id}", queryStringParameters: { field: ["a", "b"], page: "1" } },
      },
    ]);
  });

  it.each([
    [
      "a form",
      "application/x-www-form-urlencoded; charset=utf-8",
      "a=1&a=2&pin=9",
      { a: ["1", "2"], pin: HIDDEN },
    ],
    ["JSON in base64", "application/json", Buffer.from('{"a":1}'), { a: 1 }],
    ["text, by its size", "text/plain", "pin is 9", { contentType: "text/plain", characters: 8 }],
    [
      "broken JSON, by its size",
      "application/json",
      '{"pin":9',
      { contentType: "application/json", characters: 8 },
    ],
    ["a long body, by its size", "application/json", `"${"x".repeat(300_000)}"`, { characters: 300_002 }],
  ])("records a body that is %s", async (_, contentType, body, expected) => {
    const { handler, events } = prepare(async () => ({ statusCode: 200 }));
    const isBase64Encoded = Buffer.isBuffer(body);
    const text = isBase64Encoded ? body.toString("base64") : body;

    await handler(
      httpApiEvent({ headers: { "Content-Type": contentType }, body: text, isBase64Encoded }),
      CONTEXT,
    );

    expect(events()[0].requestParameters.body).toMatchObject(expected);
  });

  it.each([
    [{ statusCode: 404, body: '{"code":"NoSuchOrder","message":"no order 7"}' }, "NoSuchOrder", "no order 7"],
    [{ statusCode: 403, body: '{"message":"no"}' }, "Forbidden", "no"],
    [{ statusCode: 503, body: "down" }, "ServiceUnavailable", undefined],
    [{ statusCode: 599 }, "Status599", undefined],
    [{ statusCode: "400", body: "null" }, "BadRequest", undefined],
    [{ statusCode: 302 }, undefined, undefined],
    [undefined, undefined, undefined],
  ])("records the outcome of %j", async (response, errorCode, errorMessage) => {
    const { handler, events } = prepare(async () => response ?? "done");

    await handler(httpApiEvent(), CONTEXT);

    expect([events()[0].errorCode, events()[0].errorMessage]).toEqual([errorCode, errorMessage]);
  });

  it("records what the handler throws, and throws the same", async () => {
    const error = Object.assign(new TypeError("no order 7"), { code: "NoSuchOrder" });
    const { handler, events } = prepare(async () => {
      throw error;
    });

    await expect(handler(httpApiEvent(), CONTEXT)).rejects.toBe(error);

    expect(events()).toMatchObject([{ errorCode: "NoSuchOrder", errorMessage: "no order 7" }]);
  });

  it("records the event as it came, and changes neither it nor the answer", async () => {
    const response = Object.freeze({ statusCode: 200, body: '{"token":"t"}' });
    const { handler, events } = prepare(
      async (event) => {
        const { pathParameters } = event as ReturnType<typeof httpApiEvent>;
        pathParameters.id = "8";
        return response;
      },
      { responseElements: true },
    );
    const event = httpApiEvent();

    expect(await handler(event, CONTEXT)).toBe(response);

    expect(event).toEqual(httpApiEvent({ pathParameters: { id: "8" } }));
    expect(events()).toMatchObject([
      { requestParameters: { pathParameters: { id: "7" } }, responseElements: { token: HIDDEN } },
    ]);
  });

  it.each([
    ["an HTTP API's route", { routeKey: "POST /reset/{token}", pathParameters: { token: "c4nary" } }],
    ["a function URL", { routeKey: "$default", pathParameters: undefined }],
    [
      "a stage",
      {
        routeKey: "$default",
        rawPath: "/prod/reset/c4nary",
        requestContext: { stage: "prod", http: { method: "POST" } },
      },
    ],
    [
      "a route that takes all paths",
      { routeKey: "ANY /{proxy+}", pathParameters: { proxy: "reset/c4nary" } },
    ],
  ])("hides a secret in the path of %s", async (_, changes) => {
    const { handler, inputs, events } = prepare(async () => ({ statusCode: 200 }), {
      routes: { "POST /reset/{token}": "ResetPassword" },
    });

    await handler(httpApiEvent({ rawPath: "/reset/c4nary", ...changes }), CONTEXT);

    expect(events()).toMatchObject([
      {
        eventName: "ResetPassword",
        requestParameters: { path: "/reset/{token}", pathParameters: { token: HIDDEN } },
      },
    ]);
    expect(JSON.stringify(inputs)).not.toContain("c4nary");
  });

  it("records the path as it was called where no route is known, or takes the rest of it", async () => {
    const { handler, events } = prepare(async () => ({ statusCode: 200 }), {
      routes: { "ANY /files/{name+}": "ChangeFile" },
    });

    for (const rawPath of ["/a/b", "/files/x/y"]) {
      await handler(httpApiEvent({ routeKey: "$default", rawPath, pathParameters: null }), CONTEXT);
    }

    expect(events()).toMatchObject([
      { eventName: "PostRequest", requestParameters: { path: "/a/b" } },
      { eventName: "ChangeFile", requestParameters: { path: "/files/x/y", pathParameters: { name: "x/y" } } },
    ]);
    expect(events()[0].requestParameters).not.toHaveProperty("pathParameters");
  });

  it("takes what extractors say", async () => {
    const { handler, events } = prepare(async () => ({ statusCode: 200, orderId: 7 }), {
      eventName: () => "Named",
      identity: () => ({ type: "Customer", principalId: "ana" }),
      parameters: () => ({ orderId: 7 }),
      responseElements: (response) => response,
      additionalEventData: () => ({ tenant: "t-1" }),
    });

    await handler(httpApiEvent(), CONTEXT);

    expect(events()).toMatchObject([
      {
        eventName: "Named",
        userIdentity: { type: "Customer", principalId: "ana" },
        requestParameters: { orderId: 7 },
        responseElements: { statusCode: 200, orderId: 7 },
        additionalEventData: { tenant: "t-1", requestID: "request-1" },
      },
    ]);
  });

  it("records the call all the same when extractors throw, and reports each", async () => {
    const fail = () => {
      throw new Error("extractor");
    };
    const { handler, events, errors } = prepare(async () => ({ statusCode: 200 }), {
      include: fail,
      eventName: fail,
      identity: fail,
      parameters: fail,
      responseElements: fail,
      additionalEventData: fail,
    });

    await handler(httpApiEvent(), CONTEXT);

    expect(errors.length).toBe(6);
    expect(events()).toMatchObject([{ eventName: "RefundOrder", userIdentity: { type: "Anonymous" } }]);
    expect(events()[0]).not.toHaveProperty("requestParameters");
  });

  it("records no call that is not included, and no parameters where they are not wanted", async () => {
    const { handler, events } = prepare(async () => ({ statusCode: 200 }), {
      include: (event) => (event as { readonly rawPath?: string }).rawPath !== "/health",
      parameters: false,
    });

    await handler(httpApiEvent({ rawPath: "/health" }), CONTEXT);
    await handler(httpApiEvent(), CONTEXT);

    expect(events().length).toBe(1);
    expect(events()[0]).not.toHaveProperty("requestParameters");
  });

  it("records an invocation that is no HTTP call under the name that it is given", async () => {
    const { handler, events } = prepare(async () => "done", {
      eventName: "CloseDay",
      responseElements: true,
    });

    await handler({ day: 1 }, CONTEXT);

    expect(events()).toMatchObject([
      {
        eventName: "CloseDay",
        responseElements: { value: "done" },
        additionalEventData: { requestID: "lambda-1" },
      },
    ]);
  });

  it.each([null, undefined, 7, "text", [], { requestContext: 7 }, { headers: null, body: 9n }])(
    "works for the event %o",
    async (event) => {
      const { handler, recorder } = prepare(async () => "done");

      expect(await handler(event, CONTEXT)).toBe("done");

      expect(recorder.counts).toMatchObject({ recorded: 1, sent: 1 });
    },
  );

  it("waits no longer than its bound for a service that does not answer, and sends with the next call", async () => {
    let answers = false;
    const { handler, recorder } = prepare(
      async () => "done",
      {},
      { flushTimeoutMs: 40, requestTimeoutMs: 100 },
      (input, init) => (answers ? takeAll(input, init) : new Promise(() => undefined)),
    );
    const start = performance.now();

    const response = await handler(httpApiEvent(), CONTEXT);

    expect(performance.now() - start).toBeLessThan(100);
    expect(response).toBe("done");
    answers = true;
    await handler(httpApiEvent(), CONTEXT);
    await expect.poll(() => recorder.counts).toMatchObject({ sent: 2, pending: 0 });
  });

  it("does not wait when the invocation's own time is nearly over", async () => {
    const { handler, recorder } = prepare(async () => "done");

    await handler(httpApiEvent(), { ...CONTEXT, getRemainingTimeInMillis: () => 40 });

    expect(recorder.counts).toMatchObject({ recorded: 1, pending: 1 });
  });

  it("keeps calls apart that run at the same time", async () => {
    const { handler, events } = prepare(async (event) => {
      const { delay } = event as { readonly delay: number };
      await new Promise((resolve) => setTimeout(resolve, delay));
      return { statusCode: delay > 5 ? 500 : 200 };
    });

    await Promise.all(
      [0, 10, 2, 20].map((delay) =>
        handler({ ...httpApiEvent({ routeKey: "$default", rawPath: `/${delay}` }), delay }, CONTEXT),
      ),
    );

    const seen = events().map(({ requestParameters, errorCode }) => [requestParameters.path, errorCode]);
    expect(Object.fromEntries(seen)).toEqual({
      "/0": undefined,
      "/2": undefined,
      "/10": "InternalServerError",
      "/20": "InternalServerError",
    });
  });

  it("refuses options without a source when the function starts", () => {
    expect(() => prepare(async () => "done", { eventSource: "" })).toThrow(TypeError);
  });
});

describe("auditTrail", () => {
  it("records once when a middleware outside it fails after the handler", async () => {
    const { recorder, events } = testRecorder();
    const handler = middy(async () => "done")
      .use({
        after: () => {
          throw new Error("outside");
        },
      })
      .use(auditTrail({ ...OPTIONS, recorder }));

    await expect(handler(httpApiEvent(), CONTEXT)).rejects.toThrow("outside");

    expect(events().length).toBe(1);
  });
});

describe("audited", () => {
  it("records each call of any function, and gives back the very promise", async () => {
    const { recorder, events } = testRecorder();
    const promise = Promise.resolve({ refunded: 12, token: "t" });
    const refund = audited((_orderId: string, _pin: number) => promise, {
      ...CALL,
      recorder,
      identity: () => ({ type: "Customer", principalId: "ana" }),
      parameters: (orderId, pin) => ({ orderId, pin }),
      responseElements: (result) => result,
      details: () => ({ sourceIPAddress: "192.0.2.10" }),
    });

    expect(refund("order-7", 1234)).toBe(promise);
    await promise;
    await recorder.close();

    expect(events()).toMatchObject([
      {
        eventName: "RefundOrder",
        requestParameters: { orderId: "order-7", pin: HIDDEN },
        responseElements: { refunded: 12, token: HIDDEN },
        sourceIPAddress: "192.0.2.10",
      },
    ]);
  });

  it("records functions that give values or throw, and rejections, and passes them on", async () => {
    const { recorder, events, errors } = testRecorder();
    const options = { ...CALL, recorder, identity: () => JSON.parse("?") };

    expect(audited((a: number, b: number) => a + b, options)(1, 2)).toBe(3);
    expect(() => audited(() => JSON.parse("{"), options)()).toThrow(SyntaxError);
    await expect(audited(() => Promise.reject(new RangeError("far")), options)()).rejects.toThrow("far");
    await recorder.close();

    expect(events().map(({ errorCode }) => errorCode)).toEqual([undefined, "SyntaxError", "RangeError"]);
    expect(events()[0].userIdentity.type).toBe("Anonymous");
    expect(errors.length).toBe(3);
  });
});
