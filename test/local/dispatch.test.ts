import { describe, expect, test } from "vitest";
import { makeDispatch, type Services } from "../../local/dispatch.ts";
import { commonError } from "../../shared/api/errors.ts";
import type { ApiRequest, Service } from "../../shared/api/http.ts";
import { testCaller, testRequest } from "../support/api-request.ts";

/** Services that answer their own name. */
const named =
  (name: string): Service =>
  async () => ({ status: 200, headers: {}, body: name });
const SERVICES: Services = {
  cloudTrail: named("cloudTrail"),
  putAuditEvents: named("putAuditEvents"),
  s3: named("s3"),
  logs: named("logs"),
  eventBridge: named("eventBridge"),
  organizations: named("organizations"),
  bulkRecords: named("bulkRecords"),
  health: named("health"),
  status: named("status"),
  deadLetters: named("deadLetters"),
  publicKeys: named("publicKeys"),
  events: named("events"),
};

const scope = (service: string): string =>
  `AWS4-HMAC-SHA256 Credential=111122223333/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;

function dispatch(request: Partial<ApiRequest>, identify = () => testCaller()) {
  return makeDispatch(SERVICES, identify)(testRequest(request), "192.0.2.1", "request-one");
}

describe("requests go to their service", () => {
  const PREFIX = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";
  const target = (name: string): Partial<ApiRequest> => ({ headers: { "x-amz-target": name } });
  const routes: readonly (readonly [what: string, request: Partial<ApiRequest>, service: keyof Services])[] =
    [
      ["the CloudTrail API's target", target(`${PREFIX}.ListTrails`), "cloudTrail"],
      ["the target of newer clients", target("CloudTrail_20131101.ListTrails"), "cloudTrail"],
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

describe("who calls", () => {
  const refuse = (): never => {
    throw commonError("MissingAuthenticationTokenException");
  };

  test("need not be known for health, unless the caller claims to be somebody", async () => {
    const health: Partial<ApiRequest> = { method: "GET", path: "/_opentrail/health" };

    const anybody = await dispatch(health, refuse);
    const somebody = await dispatch({ ...health, headers: { authorization: scope("cloudtrail") } }, refuse);

    expect([anybody.status, somebody.status]).toEqual([200, 403]);
  });

  test("is told to the service, with the request's id", async () => {
    let requestId: string | undefined;
    const services: Services = {
      ...SERVICES,
      s3: async (_request, caller) => {
        requestId = caller.requestId;
        return { status: 200, headers: {}, body: "" };
      },
    };

    await makeDispatch(services, () => testCaller())(testRequest(), "192.0.2.1", "request-one");

    expect(requestId).toBe("request-one");
  });

  test("a failure that is no refusal is the front door's to answer", async () => {
    await expect(
      dispatch({}, () => {
        throw new Error("broken");
      }),
    ).rejects.toThrow("broken");
  });
});
