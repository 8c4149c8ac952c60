import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuditedCall } from "../../../middleware/audited-call.ts";
import { eventDataText, LONGEST_PARAMETERS } from "../../../middleware/event-data.ts";
import { HIDDEN } from "../../../middleware/redacted-copy.ts";
import { redactionPathTest } from "../../../middleware/redaction-paths.ts";
import { SECRET_NAMES, secretNameTest } from "../../../middleware/secret-names.ts";
import { auditRecord } from "../../../shared/api/audit-event.ts";
import { CALL } from "../../support/audit-events.ts";

const CHANNEL = { arn: "arn:…", accountId: "111122223333", region: "us-east-1", ingestionTime: 0 };

function shape(maxParameterBytes: number, paths: readonly string[] = []) {
  return {
    maxParameterBytes,
    redaction: { hidesName: secretNameTest(SECRET_NAMES), hidesPath: redactionPathTest(paths) },
  };
}

describe("eventDataText", () => {
  it("is taken by PutAuditEvents, whatever the call", () => {
    const text = fc.string({ unit: "binary", minLength: 1, maxLength: 3_000, size: "max" });
    const anyCall: fc.Arbitrary<AuditedCall> = fc.record(
      {
        eventSource: text,
        eventName: text,
        userIdentity: fc.record({
          type: text,
          principalId: text,
          details: fc.dictionary(text, fc.anything()),
        }),
        eventTime: fc.date({ noInvalidDate: true, min: new Date("0001-01-01"), max: new Date("9999-12-31") }),
        requestParameters: fc.anything({ withBigInt: true }),
        responseElements: fc.oneof(fc.anything(), text),
        errorCode: text,
        errorMessage: text,
        sourceIPAddress: text,
        userAgent: text,
        requestID: text,
        additionalEventData: fc.dictionary(text, fc.oneof(fc.anything(), text)),
      },
      { requiredKeys: ["eventSource", "eventName", "userIdentity"] },
    );
    fc.assert(
      fc.property(anyCall, fc.integer({ min: 64, max: LONGEST_PARAMETERS }), (call, limit) => {
        const eventData = eventDataText(call, "uid", shape(limit));

        expect(() => auditRecord({ id: "a", eventData }, CHANNEL)).not.toThrow();
        const { requestParameters = {}, responseElements = {} } = JSON.parse(eventData);
        expect(Buffer.byteLength(JSON.stringify(requestParameters))).toBeLessThanOrEqual(limit);
        expect(Buffer.byteLength(JSON.stringify(responseElements))).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 100 },
    );
  });

  it("is taken with every member as long as it may be", () => {
    const long = "\u0001x".repeat(200_000);
    const eventData = eventDataText(
      {
        eventSource: long,
        eventName: long,
        userIdentity: { type: long, principalId: long, details: { long } },
        requestParameters: { long },
        responseElements: [long],
        errorCode: long,
        errorMessage: long,
        sourceIPAddress: long,
        userAgent: long,
        requestID: long,
        additionalEventData: { long },
      },
      "uid",
      shape(LONGEST_PARAMETERS),
    );

    expect(() => auditRecord({ id: "a", eventData }, CHANNEL)).not.toThrow();
    expect(JSON.stringify({ eventData }).length).toBeLessThan(1_000_000);
    expect(JSON.parse(eventData).additionalEventData.truncated).toEqual(
      expect.arrayContaining(["requestParameters", "responseElements", "userIdentity.details", "userAgent"]),
    );
  });

  it("has the members of the schema, and leaves out what is not there", () => {
    const eventTime = new Date(Date.UTC(2026, 0, 2, 3, 4, 5, 999));
    const requestParameters = { id: "7", password: "x" };

    const data = JSON.parse(
      eventDataText({ ...CALL, eventTime, requestParameters, requestID: "r-1" }, "uid", shape(1_000)),
    );

    expect(data).toEqual({
      version: "1.0",
      userIdentity: { type: "Customer", principalId: "ana", details: {} },
      eventSource: "shop.example.com",
      eventName: "RefundOrder",
      eventTime: "2026-01-02T03:04:05Z",
      UID: "uid",
      requestParameters: { id: "7", password: HIDDEN },
      additionalEventData: { requestID: "r-1" },
    });
  });

  it("makes an object of parameters that are none", () => {
    const data = JSON.parse(
      eventDataText({ ...CALL, requestParameters: [1, 2], responseElements: "done" }, "uid", shape(1_000)),
    );

    expect(data).toMatchObject({ requestParameters: { value: [1, 2] }, responseElements: { value: "done" } });
  });

  it("hides paths of every member that is not needed", () => {
    const call = {
      ...CALL,
      userIdentity: { type: "Customer", principalId: "ana", details: { email: "ana@example.com" } },
      errorMessage: "no such card 4111",
      sourceIPAddress: "192.0.2.10",
    };
    const paths = [
      "userIdentity.details.email",
      "userIdentity.principalId",
      "errorMessage",
      "sourceIPAddress",
    ];

    const text = eventDataText(call, "uid", shape(1_000, paths));

    expect(text).not.toMatch(/ana|4111|192/);
    expect(text.split(HIDDEN).length).toBe(5);
  });
});
