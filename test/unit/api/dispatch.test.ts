import { describe, expect, test } from "vitest";
import { type Identify, makeDispatch, type Services } from "../../../shared/api/dispatch.ts";
import { commonError } from "../../../shared/api/errors.ts";
import type { ApiRequest, Service } from "../../../shared/api/http.ts";
import { testCaller, testRequest } from "../../support/api-request.ts";

/** Services that answer their own name. */
const named =
  (name: string): Service =>
  async () => ({ status: 200, headers: {}, body: name });
const SERVICES: Services = {
  cloudTrail: named("cloudTrail"),
  putAuditEvents: named("putAuditEvents"),
  organizations: named("organizations"),
  bulkRecords: named("bulkRecords"),
  imports: named("imports"),
  health: named("health"),
  status: named("status"),
  deadLetters: named("deadLetters"),
  publicKeys: named("publicKeys"),
  events: named("events"),
  inPlaceOfAws: {
    s3: named("s3"),
    refuseS3: () => ({ status: 403, headers: {}, body: "refused as S3 does" }),
    sns: named("sns"),
    sts: named("sts"),
    refuseSns: () => ({ status: 403, headers: {}, body: "refused as SNS does" }),
    logs: named("logs"),
    eventBridge: named("eventBridge"),
  },
};

const scope = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;

function dispatch(
  request: Partial<ApiRequest>,
  identify: Identify = async () => testCaller(),
  services = SERVICES,
) {
  return makeDispatch(services, identify)(testRequest(request), "192.0.2.1", "request-one");
}

describe("requests go to their service", () => {
  const PREFIX = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";
  const target = (name: string): Partial<ApiRequest> => ({ headers: { "x-amz-target": name } });
  const routes: readonly (readonly [what: string, request: Partial<ApiRequest>, service: string])[] = [
    ["the CloudTrail API's target", target(`${PREFIX}.ListTrails`), "cloudTrail"],
    ["the target of newer clients", target("CloudTrail_20131101.ListTrails"), "cloudTrail"],
    ["imports' path", { path: "/_opentrail/imports" }, "imports"],
    ["imports' path, to read", { method: "GET", path: "/_opentrail/imports" }, "imports"],
    ["CloudWatch Logs's target", target("Logs_20140328.GetLogEvents"), "logs"],
    ["EventBridge's target", target("AWSEvents.PutRule"), "eventBridge"],
    ["Organizations' target", target("AWSOrganizationsV20161128.DescribeOrganization"), "organizations"],
    ["PutAuditEvents by its path", { path: "/PutAuditEvents" }, "putAuditEvents"],
    [
      "PutAuditEvents by its scope",
      { path: "/x", headers: { authorization: scope("cloudtrail-data") } },
      "putAuditEvents",
    ],
    [
      "S3's scope",
      { method: "GET", path: "/bucket/PutAuditEvents", headers: { authorization: scope("s3") } },
      "s3",
    ],
    [
      "a presigned URL of S3",
      {
        method: "GET",
        path: "/bucket/key",
        query: new URLSearchParams({
          "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
          "X-Amz-Credential": "AKIA/20260101/us-east-1/s3/aws4_request",
          "X-Amz-SignedHeaders": "host",
          "X-Amz-Signature": "00",
        }),
      },
      "s3",
    ],
    [
      "CloudTrail's scope without a target",
      { headers: { authorization: scope("cloudtrail") } },
      "cloudTrail",
    ],
    ["STS's scope", { headers: { authorization: scope("sts") } }, "sts"],
    ["SNS's scope", { headers: { authorization: scope("sns") } }, "sns"],
    [
      "a link in a message of SNS",
      { method: "GET", path: "/", query: new URLSearchParams({ Action: "ConfirmSubscription" }) },
      "sns",
    ],
    ["what nobody signed", { method: "GET", path: "/bucket/key" }, "s3"],
    ["bulk records", { path: "/_opentrail/records" }, "bulkRecords"],
    ["health", { method: "GET", path: "/_opentrail/health" }, "health"],
    ["a load balancer's HEAD of health", { method: "HEAD", path: "/_opentrail/health" }, "health"],
    ["status", { method: "GET", path: "/_opentrail/status" }, "status"],
    ["events of the history", { method: "GET", path: "/_opentrail/events" }, "events"],
    ["the dead letters", { method: "GET", path: "/_opentrail/dead-letters" }, "deadLetters"],
    ["a dead letter", { method: "GET", path: "/_opentrail/dead-letters/1-log-files" }, "deadLetters"],
  ];

  test.each(routes)("%s", async (_what, request, service) => {
    expect(await dispatch(request)).toEqual({ status: 200, headers: {}, body: service });
  });
});

describe("what no service answers", () => {
  test.each([
    ["a target of another service", { headers: { "x-amz-target": "DynamoDB_20120810.ListTables" } }, 501],
    ["a scope of another service", { headers: { authorization: scope("kms") } }, 501],
    ["a page that is not there", { path: "/_opentrail/else" }, 404],
    ["a page that only begins like one", { method: "GET", path: "/_opentrail/dead-lettersx" }, 404],
    ["a method that a page does not have", { method: "GET", path: "/_opentrail/records" }, 405],
  ] satisfies readonly (readonly [string, Partial<ApiRequest>, number])[])(
    "%s",
    async (_what, request, status) => {
      expect((await dispatch(request)).status).toBe(status);
    },
  );
});

describe("where AWS itself has S3, Logs and EventBridge", () => {
  const { inPlaceOfAws: _, ...onAws } = SERVICES;

  test.each([
    ["S3's scope", { method: "GET", path: "/bucket/key", headers: { authorization: scope("s3") } }],
    ["what nobody signed", { method: "GET", path: "/bucket/key" }],
    ["CloudWatch Logs' target", { headers: { "x-amz-target": "Logs_20140328.GetLogEvents" } }],
    ["EventBridge's target", { headers: { "x-amz-target": "AWSEvents.PutRule" } }],
  ] satisfies readonly (readonly [string, Partial<ApiRequest>])[])(
    "%s is not served",
    async (_what, request) => {
      const { status, body } = await dispatch(request, undefined, onAws);

      expect(status).toBe(501);
      expect(JSON.parse(String(body))).toMatchObject({ __type: "UnknownOperationException" });
    },
  );

  test("clients of the query protocol are told so in XML, whatever they sign for", async () => {
    const headers = { authorization: scope("<sts>"), "content-type": "application/x-www-form-urlencoded" };

    const { status, body } = await dispatch({ headers }, undefined, onAws);

    expect(status).toBe(501);
    expect(body).toContain("<Code>UnknownOperationException</Code>");
    expect(body).toContain("does not serve &#60;sts&#62; here");
  });

  test("a refused signature of a path that is nobody's is JSON", async () => {
    const { status, headers, body } = await dispatch({ path: "/bucket/key" }, refuse, onAws);

    expect(status).toBe(403);
    expect(headers["x-amzn-errortype"]).toBe("MissingAuthenticationTokenException");
    expect(JSON.parse(String(body))).toMatchObject({ __type: "MissingAuthenticationTokenException" });
  });
});

const refuse: Identify = async () => {
  throw commonError("MissingAuthenticationTokenException");
};

describe("who calls", () => {
  test("is refused in the words of the API that was asked", async () => {
    const refusals = [
      await dispatch({ path: "/_opentrail/records" }, refuse),
      await dispatch({ headers: { "x-amz-target": "CloudTrail_20131101.ListTrails" } }, refuse),
      await dispatch({ path: "/PutAuditEvents" }, refuse),
      await dispatch({ path: "/bucket/key" }, refuse),
      await dispatch({ headers: { "content-type": "application/x-www-form-urlencoded" } }, refuse),
    ];

    expect(refusals.map(({ status }) => status)).toEqual([403, 400, 403, 403, 403]);
    expect(refusals.slice(3).map(({ body }) => body)).toEqual(["refused as S3 does", "refused as SNS does"]);
  });

  test("cannot be told while the keys cannot be read: 503 in every API, for clients to try again", async () => {
    const unavailable: Identify = async () => {
      throw commonError("ServiceUnavailable");
    };
    const refusals = [
      await dispatch({ path: "/_opentrail/records" }, unavailable),
      await dispatch({ headers: { "x-amz-target": "CloudTrail_20131101.ListTrails" } }, unavailable),
      await dispatch({ path: "/PutAuditEvents" }, unavailable),
    ];

    expect(refusals.map(({ status }) => status)).toEqual([503, 503, 503]);
  });

  test("need not be known for health, unless the caller claims to be somebody", async () => {
    const health: Partial<ApiRequest> = { method: "GET", path: "/_opentrail/health" };

    const anybody = await dispatch(health, refuse);
    const somebody = await dispatch({ ...health, headers: { authorization: scope("cloudtrail") } }, refuse);

    expect([anybody.status, somebody.status]).toEqual([200, 403]);
  });

  test("need not be known for a link in a message of SNS, and must be for its other calls", async () => {
    const open = (Action: string) =>
      dispatch({ method: "GET", path: "/", query: new URLSearchParams({ Action }) }, refuse);

    const opened = await Promise.all(["ConfirmSubscription", "Unsubscribe"].map(open));
    const call = await open("DeleteTopic");

    expect(opened.map(({ status }) => status)).toEqual([200, 200]);
    expect(call.status).toBe(403);
  });

  test("must be known for what only looks like such a link", async () => {
    const query = { Action: "Unsubscribe" };
    const presigned = {
      ...query,
      "X-Amz-Credential": "AKIA/20260101/us-east-1/cloudtrail-data/aws4_request",
    };
    const link = { method: "GET", path: "/", query: new URLSearchParams(query) };
    const { inPlaceOfAws: _, ...onAws } = SERVICES;

    const named = await Promise.all(
      ["CloudTrail_20131101.StopLogging", "AWSEvents.PutRule", "Logs_20140328.GetLogEvents"].map((target) =>
        dispatch({ ...link, headers: { "x-amz-target": target } }, refuse),
      ),
    );
    const scoped = await dispatch({ ...link, query: new URLSearchParams(presigned) }, refuse);
    const whereAwsHasSns = await dispatch(link, refuse, onAws);

    // Only SNS is reached so, and it looks at the link alone.
    expect([...named, scoped].map(({ body }) => body)).toEqual(["sns", "sns", "sns", "sns"]);
    expect(whereAwsHasSns.status).toBe(403);
  });

  test("is told to the service, with the request's id", async () => {
    let requestId: string | undefined;
    const services: Services = {
      ...SERVICES,
      cloudTrail: async (_request, caller) => {
        requestId = caller.requestId;
        return { status: 200, headers: {}, body: "" };
      },
    };

    await dispatch({ headers: { authorization: scope("cloudtrail") } }, undefined, services);

    expect(requestId).toBe("request-one");
  });

  test("a failure that is no refusal is the front door's to answer", async () => {
    await expect(
      dispatch({}, async () => {
        throw new Error("broken");
      }),
    ).rejects.toThrow("broken");
  });
});
