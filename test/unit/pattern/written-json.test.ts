import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonTextError, readWrittenJson, type WrittenValue } from "../../../shared/pattern/written-json.ts";

function parsed(value: WrittenValue): unknown {
  switch (value.kind) {
    case "object":
      return Object.fromEntries(value.members.map((member) => [member.name, parsed(member.value)]));
    case "array":
      return value.elements.map(parsed);
    case "string":
      return value.text;
    default:
      return JSON.parse(value.text);
  }
}

const outcome = (read: () => unknown) => {
  try {
    return { value: read() };
  } catch (error) {
    return { refused: error instanceof SyntaxError || error instanceof JsonTextError };
  }
};

describe("JSON text", () => {
  it("is read as JSON.parse reads it, white space included", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(0, 2, "\t", "\n\r "), (value, space) => {
        const text = JSON.stringify(value, undefined, space);

        expect(parsed(readWrittenJson(text))).toEqual(JSON.parse(text));
      }),
    );
  });

  it("is refused where JSON.parse refuses it", () => {
    const pieces = fc.constantFrom(
      ..."{}[]:,",
      '"',
      '"a"',
      '"\\"',
      "\\",
      "1",
      "-",
      "0",
      ".5",
      "e1",
      "true",
      " ",
      "\n",
      "nul",
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const text = parts.join("");

        expect(outcome(() => parsed(readWrittenJson(text)))).toEqual(outcome(() => JSON.parse(text)));
      }),
      { numRuns: 3000 },
    );
  });

  it("keeps repeated names and the spelling of numbers", () => {
    expect(readWrittenJson('{"a":1.0,"a":1E-325}')).toMatchObject({
      members: [
        { name: "a", value: { kind: "number", text: "1.0" } },
        { name: "a", value: { kind: "number", text: "1E-325" } },
      ],
    });
  });
});
