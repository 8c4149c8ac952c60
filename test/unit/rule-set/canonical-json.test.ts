import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson } from "../../../shared/rule-set/canonical-json.ts";

const JSON_VALUE = fc.jsonValue({ maxDepth: 4 });

test("white space and the order of members make no difference", () => {
  expect(canonicalJson('{ "b": [1, 2],\n "a": {"d": null, "c": "x"} }')).toBe(
    canonicalJson('{"a":{"c":"x","d":null},"b":[1,2]}'),
  );
});

test("the order of an array's elements and the spelling of a number make one", () => {
  expect(canonicalJson("[1,2]")).not.toBe(canonicalJson("[2,1]"));
  expect(canonicalJson("[1]")).not.toBe(canonicalJson("[1.0]"));
});

test("of a repeated name the last member counts, as for JSON.parse", () => {
  expect(canonicalJson('{"a":1,"a":2}')).toBe('{"a":2}');
});

test("what is no JSON stays as it is", () => {
  expect(canonicalJson("{ no")).toBe("{ no");
});

test("the value stays the same, and a canonical text is its own", () => {
  fc.assert(
    fc.property(JSON_VALUE, (value) => {
      const text = canonicalJson(JSON.stringify(value));

      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(text)).toBe(text);
    }),
  );
});
