import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  RecordSplitter,
  type SlicedRecord,
  UnreadableInput,
} from "../../../shared/ingest/record-splitter.ts";
import { sliceRecords } from "../../../shared/ingest/slice-records.ts";

function split(content: Buffer, cuts: readonly number[] = [], lines = false) {
  const splitter = new RecordSplitter(lines);
  const edges = [...new Set(cuts.map((cut) => cut % (content.length + 1)))].sort((a, b) => a - b);
  const found: SlicedRecord[] = [];
  for (const [index, from] of [0, ...edges].entries()) {
    splitter.push(content.subarray(from, edges[index] ?? content.length), found);
  }
  splitter.end(found);
  return found;
}

function texts(content: string, cuts: readonly number[] = [], lines = false): string[] {
  return split(Buffer.from(content), cuts, lines).map(({ text }) => text.toString());
}

function thrownBy(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

const record = fc
  .dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.array(fc.string())))
  .filter((fields) => !("Records" in fields));

describe("RecordSplitter", () => {
  test("finds what sliceRecords finds in the whole body, wherever the stream is cut", () => {
    const body = fc
      .tuple(fc.array(record, { minLength: 1 }), fc.constantFrom("envelope", "array", "pretty", "lines"))
      .map(([records, form]) => {
        switch (form) {
          case "envelope":
            return `{"a":[1],"Records":${JSON.stringify(records)},"b":{"c":"]"}}\n`;
          case "array":
            return JSON.stringify(records);
          case "pretty":
            return JSON.stringify({ Records: records }, null, 2);
          default:
            return records.map((fields) => `${JSON.stringify(fields)}\r\n`).join("");
        }
      });

    fc.assert(
      fc.property(body, fc.array(fc.nat(), { maxLength: 8 }), (content, cuts) => {
        const expected = sliceRecords(Buffer.from(content)).map(String);

        expect(texts(content, cuts)).toEqual(expected);
      }),
    );
  });

  test("cut at every byte, a record's text comes out byte for byte", () => {
    const content = '\ufeff [ {"a" : "\\"]}\\\\" ,\n "n":1.50e+01}, {"b":[{}]} ] ';

    const found = texts(
      content,
      Array.from(content, (_, index) => index),
    );

    expect(found).toEqual(['{"a" : "\\"]}\\\\" ,\n "n":1.50e+01}', '{"b":[{}]}']);
  });

  test("log files end to end, as gunzip -c of several prints them, are one input", () => {
    expect(texts('{"Records":[{"a":1},{"a":2}]}{"Records":[]}\n{"Records":[{"a":3}]}')).toEqual([
      '{"a":1}',
      '{"a":2}',
      '{"a":3}',
    ]);
  });

  test("a record over several lines is one record, and so is the next", () => {
    expect(texts('{\n"a":1\n}\n{\n"a":2\n}\n')).toEqual(['{\n"a":1\n}', '{\n"a":2\n}']);
  });

  test("a line that is no JSON costs no other line, not even the first one", () => {
    expect(texts('{"a":1\n{"a":2}\nnonsense\n\n{"a":3}')).toEqual([
      '{"a":1',
      '{"a":2}',
      "nonsense",
      '{"a":3}',
    ]);
  });

  test("a line that is an envelope gives the records in it", () => {
    const content = '{"Records":[{"a":1},{"a":2}]}\n{"a":3}\n';

    expect(texts(content, [], true)).toEqual(['{"a":1}', '{"a":2}', '{"a":3}']);
  });

  test("lines are numbered as an editor numbers them, records of an array by their order", () => {
    const lines = split(Buffer.from('\n{"a":1}\n\n{"a":2}\n'));
    const elements = split(Buffer.from('[\n{"a":1},\n{"a":2}]'));

    expect(lines.map(({ unit, number }) => `${unit} ${number}`)).toEqual(["line 2", "line 4"]);
    expect(elements.map(({ unit, number }) => `${unit} ${number}`)).toEqual(["record 1", "record 2"]);
  });

  test.each([
    ['{"Records":[{"a":1},{"a":', "ends inside"],
    ['{"Records":[{"a":1}', "does not end"],
    ['[{"a":1}', "does not end"],
    ['[{"a":1}}]', "broken after record 1"],
    ['{"Records":[{"a":1}] "b"', "broken after record 1"],
  ])("%s gives the whole record and says that the rest is unreadable", (content, message) => {
    const splitter = new RecordSplitter(false);
    const found: SlicedRecord[] = [];
    const read = () => {
      for (const chunk of [content.slice(0, 20), content.slice(20)]) {
        splitter.push(Buffer.from(chunk), found);
      }
      splitter.end(found);
    };

    const error = thrownBy(read);

    expect(error).toBeInstanceOf(UnreadableInput);
    expect(String(error)).toContain(message);
    expect(found.map(({ text }) => text.toString())).toEqual(['{"a":1}']);
  });

  test("a text that does not end within 32 MiB is given up, not collected without end", () => {
    const splitter = new RecordSplitter(false);
    const chunk = Buffer.alloc(8 * 1024 * 1024, "x");
    splitter.push(Buffer.from('["'), []);

    const push = () => {
      for (let count = 0; count < 5; count += 1) {
        splitter.push(chunk, []);
      }
    };

    expect(push).toThrow("no JSON text ends within");
  });

  test("nothing at all is no record and no error", () => {
    expect(texts("")).toEqual([]);
    expect(texts(" \n ")).toEqual([]);
  });
});
