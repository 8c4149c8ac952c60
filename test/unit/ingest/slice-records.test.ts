import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MalformedBody, sliceRecords } from "../../../shared/ingest/slice-records.ts";

function slices(body: string): string[] {
  return sliceRecords(Buffer.from(body)).map(String);
}

const jsonObjects = fc.array(fc.dictionary(fc.string(), fc.jsonValue()));

describe("sliceRecords", () => {
  test("an array's slices are the array's elements, whatever they hold and however they are indented", () => {
    fc.assert(
      fc.property(jsonObjects, fc.integer({ min: 0, max: 4 }), (records, indent) => {
        const sliced = slices(JSON.stringify(records, null, indent));

        expect(sliced.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(records)));
      }),
    );
  });

  test("an envelope's slices are its Records, wherever the member stands", () => {
    fc.assert(
      fc.property(jsonObjects, fc.integer({ min: 0, max: 4 }), fc.boolean(), (records, indent, last) => {
        const others = { version: 1, nested: { Records: "no array" }, text: '"}]\\' };
        const envelope = last ? { ...others, Records: records } : { Records: records, ...others };

        const sliced = slices(JSON.stringify(envelope, null, indent));

        expect(sliced.map((text) => JSON.parse(text))).toEqual(JSON.parse(JSON.stringify(records)));
      }),
    );
  });

  test("lines are kept byte for byte, without the white space around them", () => {
    const lines = ['{"a": 1e2}', '{"b":"\\u00e9 é"}', '{"c":{"d":[]}}'];

    expect(slices(`\n${lines[0]}\r\n  ${lines[1]}\n\n${lines[2]}`)).toEqual(lines);
  });

  test("a byte order mark before the body is passed over", () => {
    expect(slices('\ufeff{"Records":[{"a":1}]}')).toEqual(['{"a":1}']);
  });

  test("one record over several lines is one record", () => {
    const record = JSON.stringify({ eventName: "RunInstances", list: [1, 2] }, null, 2);

    expect(slices(record)).toEqual([record]);
  });

  test("a broken line is a slice like any other, so that only it is refused", () => {
    expect(slices('{"a":1}\n{"b":\n{"c":3}')).toEqual(['{"a":1}', '{"b":', '{"c":3}']);
  });

  test("a broken element that is whole in brackets is a slice like any other", () => {
    expect(slices('{"Records":[{"a":1},{"b":},7,{"c":3}]}')).toEqual(['{"a":1}', '{"b":}', "7", '{"c":3}']);
  });

  test.each([
    ["nothing", ""],
    ["text", "hello"],
    ["a number", "7"],
    ["an array that does not end", '[{"a":1}'],
    ["an element that does not end", '[{"a":1},{"b":'],
    ["a missing comma", '[{"a":1}{"b":2}]'],
    ["an empty element", '[{"a":1},,{"b":2}]'],
    ["something after the array", '[{"a":1}] x'],
    ["an envelope that does not end", '{"Records":[{"a":1}]'],
    ["an envelope whose rest is broken", '{"Records":[{"a":1}],"more"}'],
    ["something after the envelope", '{"Records":[{"a":1}]}{'],
  ])("%s is a malformed body", (_, body) => {
    expect(() => slices(body)).toThrow(MalformedBody);
  });

  test("an empty array and an empty envelope hold no records", () => {
    expect(slices("[ ]")).toEqual([]);
    expect(slices('{"Records":[]}')).toEqual([]);
  });
});
