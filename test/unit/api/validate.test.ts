import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeShape } from "../../../shared/api/decode.ts";
import { CLOUDTRAIL_DATA_MODEL, CLOUDTRAIL_MODEL } from "../../../shared/api/service-model.ts";
import { validationMessage, violationsOf } from "../../../shared/api/validate.ts";
import type { JsonObject, JsonValue } from "../../../shared/event/json.ts";

function messageOf(shape: string, value: unknown): string {
  const decoded = decodeShape(CLOUDTRAIL_MODEL, shape, value as JsonValue) as JsonObject;
  return validationMessage(violationsOf(CLOUDTRAIL_MODEL, shape, decoded));
}

describe("the service model", () => {
  it("has the 60 operations of CloudTrail and PutAuditEvents, each with shapes that exist", () => {
    const operations = Object.entries(CLOUDTRAIL_MODEL.operations);

    expect(operations).toHaveLength(60);
    expect(Object.keys(CLOUDTRAIL_DATA_MODEL.operations)).toEqual(["PutAuditEvents"]);
    for (const [, { input, output, errors }] of operations) {
      for (const shape of [input, output, ...errors]) expect(CLOUDTRAIL_MODEL.shapes).toHaveProperty([shape]);
    }
  });

  it("has no pattern that cannot be compiled", () => {
    for (const { shapes } of [CLOUDTRAIL_MODEL, CLOUDTRAIL_DATA_MODEL]) {
      for (const [name, { type }] of Object.entries(shapes)) {
        if (type === "string") violationsOf({ operations: {}, shapes }, name, "x" as unknown as JsonObject);
      }
    }
  });
});

describe("decodeShape", () => {
  it("ignores members that the shape does not have and null ones", () => {
    const given = JSON.parse('{"Name":"trail","Nope":1,"S3KeyPrefix":null,"__proto__":{"Name":"evil"}}');

    const decoded = decodeShape(CLOUDTRAIL_MODEL, "CreateTrailRequest", given);

    expect(decoded).toEqual({ Name: "trail" });
  });

  it.each([
    ["a number for a string", { Name: 1 }, "NUMBER_VALUE can not be converted to String"],
    [
      "a string for a boolean",
      { IsMultiRegionTrail: "true" },
      "STRING_VALUE can not be converted to Boolean",
    ],
    ["a list for a string", { Name: [] }, "Start of list found where not expected"],
    ["an object for a list", { TagsList: {} }, "Start of structure or map found where not expected."],
    ["a string for a structure", { TagsList: ["x"] }, "Unexpected token received from parser"],
  ])("refuses %s with a SerializationException", (_, given, message) => {
    const decode = () => decodeShape(CLOUDTRAIL_MODEL, "CreateTrailRequest", given);

    expect(decode).toThrow(expect.objectContaining({ code: "SerializationException", message }));
  });

  it("keeps a map's __proto__ key as a key", () => {
    const given = JSON.parse('{"__proto__":"x"}');

    const decoded = decodeShape(CLOUDTRAIL_MODEL, "QueryParameterValues", given);

    expect(Object.keys(decoded as object)).toEqual(["__proto__"]);
  });
});

describe("violationsOf", () => {
  it("finds nothing in a request that keeps to the model", () => {
    const decoded = { Name: "trail", S3BucketName: "bucket", TagsList: [{ Key: "a", Value: "b" }] };

    expect(violationsOf(CLOUDTRAIL_MODEL, "CreateTrailRequest", decoded)).toEqual([]);
  });

  it("names a missing member as AWS does", () => {
    expect(messageOf("AddTagsRequest", { ResourceId: "arn" })).toBe(
      "1 validation error detected: Value null at 'tagsList' failed to satisfy constraint: Member must not be null",
    );
  });

  it("counts and joins several errors, with the place of a list's member", () => {
    expect(messageOf("AddTagsRequest", { TagsList: [{ Key: "a" }, { Value: "b" }] })).toBe(
      "2 validation errors detected: Value null at 'resourceId' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'tagsList.2.member.key' failed to satisfy constraint: Member must not be null",
    );
  });

  it.each([
    ["LookupEventsRequest", { MaxResults: 51 }, "Member must have value less than or equal to 50"],
    ["LookupEventsRequest", { EventCategory: "x" }, "Member must satisfy enum value set: [insight]"],
    ["GetImportRequest", { ImportId: "x".repeat(36) }, "regular expression pattern: ^[a-f0-9\\-]+$"],
    ["GetImportRequest", { ImportId: "abc" }, "Member must have length greater than or equal to 36"],
  ])("checks the constraints of %s %j", (shape, given, constraint) => {
    expect(messageOf(shape, given)).toContain(constraint);
  });

  it("collects no more than 20 violations and cuts long values", () => {
    const tags = Array.from({ length: 100_000 }, () => ({ Value: "v".repeat(5) }));

    const message = messageOf("AddTagsRequest", { ResourceId: "arn", TagsList: tags });

    expect(message).toMatch(/^20 validation errors detected/);
    expect(message.length).toBeLessThan(10_000);
  });
});

describe("any JSON as the input of any operation", () => {
  it("is decoded and checked, or refused with an AWS error", () => {
    const inputs = Object.values(CLOUDTRAIL_MODEL.operations).map(({ input }) => input);
    const names = [
      ...new Set(inputs.flatMap((input) => Object.keys(CLOUDTRAIL_MODEL.shapes[input]?.members ?? {}))),
    ];
    const request = fc.dictionary(fc.constantFrom(...names, "__proto__"), fc.jsonValue());

    fc.assert(
      fc.property(fc.constantFrom(...inputs), request, (input, given) => {
        try {
          const decoded = decodeShape(CLOUDTRAIL_MODEL, input, given as JsonValue) as JsonObject;
          violationsOf(CLOUDTRAIL_MODEL, input, decoded);
        } catch (error) {
          expect(error).toMatchObject({ code: "SerializationException" });
        }
      }),
      { numRuns: 500 },
    );
  });
});
