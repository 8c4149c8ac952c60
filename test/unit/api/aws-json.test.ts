import { describe, expect, it } from "vitest";
import { errorResponse, jsonResponse, readJsonBody, targetOperation } from "../../../shared/api/aws-json.ts";
import { toAwsError } from "../../../shared/api/errors.ts";
import { CLOUDTRAIL_TARGET_PREFIX } from "../../../shared/api/service-model.ts";
import { AwsError } from "../../../shared/error/aws-error.ts";
import { cloudTrailRequest, testRequest } from "../../support/api-request.ts";

describe("targetOperation", () => {
  it("reads the operation out of X-Amz-Target", () => {
    const request = cloudTrailRequest("CreateTrail", {});

    expect(targetOperation(request, CLOUDTRAIL_TARGET_PREFIX)).toBe("CreateTrail");
  });

  it("reads it where the target has the service's name alone, as the JavaScript SDK sends it", () => {
    const request = testRequest({ headers: { "x-amz-target": "CloudTrail_20131101.CreateTrail" } });

    expect(targetOperation(request, CLOUDTRAIL_TARGET_PREFIX)).toBe("CreateTrail");
  });

  it("finds none in the target of another service", () => {
    const request = testRequest({ headers: { "x-amz-target": "Logs_20140328.CreateLogGroup" } });

    expect(targetOperation(request, CLOUDTRAIL_TARGET_PREFIX)).toBeUndefined();
  });
});

describe("readJsonBody", () => {
  it("takes an empty body as an empty object", () => {
    expect(readJsonBody(Buffer.alloc(0))).toEqual({});
  });

  it.each([
    ["text that is not JSON", Buffer.from("{")],
    ["a list", Buffer.from("[]")],
    ["null", Buffer.from("null")],
    ["bad UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["10,000 levels of nesting in a list", Buffer.from("[".repeat(10_000) + "]".repeat(10_000))],
  ])("refuses %s", (_, body) => {
    expect(() => readJsonBody(body)).toThrow(expect.objectContaining({ code: "SerializationException" }));
  });

  it("refuses a body of more than 1 MiB without reading it", () => {
    const body = Buffer.alloc(1024 * 1024 + 1, " ");

    expect(() => readJsonBody(body)).toThrow(
      expect.objectContaining({ code: "RequestEntityTooLargeException" }),
    );
  });
});

describe("answers", () => {
  it("carry the request id and leave out what is undefined", () => {
    const response = jsonResponse({ Name: "trail", KmsKeyId: undefined }, "id-1");

    expect(response).toEqual({
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": "id-1" },
      body: '{"Name":"trail"}',
    });
  });

  it.each([
    ["TrailNotFoundException", 400],
    ["SerializationException", 400],
    ["ServiceUnavailable", 503],
    ["toString", 400],
  ])("to %s has the status %i", (code, status) => {
    const response = errorResponse(new AwsError(code, "why"), "id-1");

    expect(response.status).toBe(status);
    expect(JSON.parse(String(response.body))).toEqual({ __type: code, message: "why" });
  });

  it("tell nothing of an error that is none of AWS's", () => {
    const error = toAwsError(new TypeError("secret"));

    expect(error.code).toBe("InternalFailure");
    expect(errorResponse(error, "id-1").body).not.toContain("secret");
  });
});
