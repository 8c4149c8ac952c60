import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../shared/pattern/compile-pattern.ts";
import { InvalidEventPattern } from "../../../shared/pattern/invalid-event-pattern.ts";
import { matchesEvent } from "../../../shared/pattern/match-event.ts";

const refusal = (text: string) => {
  try {
    compilePattern(text);
    return undefined;
  } catch (error) {
    return error instanceof InvalidEventPattern ? error.message : error;
  }
};

describe("a refusal", () => {
  it("names the reason, the place in the text and the field", () => {
    const message = refusal('{"detail":\n  {"size": [{"numeric": [">", "1"]}]}}');

    expect(message).toBe(
      "Event pattern is not valid. Reason: Value of > must be numeric\n at line 2, column 31 (detail.size)",
    );
  });

  it("names the place of what is no JSON", () => {
    expect(refusal("{'a':[1]}")).toContain('Unexpected character "\'"');
    expect(refusal("{'a':[1]}")).toContain("line 1, column 2");
  });

  it.each([
    "",
    "null",
    "[]",
    "{}",
    '{"a":[]}',
    '{"a":{}}',
    '{"a":[[1]]}',
    '{"a":[{}]}',
    '{"a":[{"exists":"true"}]}',
    '{"a":[{"cidr":"10.0.0.0/32"}]}',
    '{"a":[{"cidr":"2001:db8::/128"}]}',
    '{"a":[{"anything-but":[1,"a"]}]}',
    '{"a":[{"anything-but":[]}]}',
    '{"a":[{"anything-but":{"prefix":[]}}]}',
    '{"a":[{"numeric":["=",12345678901234567891]}]}',
    '{"a":[{"prefix":"x","prefix":"y"}]}',
    '{"a":[1]}{"a":[1]}',
    '{"$or":[{"a":[1]}]}',
    '{"$or":[{"a":[1]},{"a":1}]}',
  ])("is the answer to %s", (text) => {
    expect(() => compilePattern(text)).toThrow(InvalidEventPattern);
  });
});

describe("limits", () => {
  it("are 4096 characters", () => {
    const pattern = (length: number) => `{"a":["${"x".repeat(length - 10)}"]}`;

    expect(() => compilePattern(pattern(4096))).not.toThrow();
    expect(() => compilePattern(pattern(4097))).toThrow(/longer than 4096 characters/);
  });

  it("are 1000 combinations of $or", () => {
    const ors = (...sizes: readonly number[]) =>
      `{${sizes.map((size, at) => `"k${at}":{"$or":[${`{"a":[${at}]},`.repeat(size).slice(0, -1)}]}`).join()}}`;

    expect(() => compilePattern(ors(10, 10, 10))).not.toThrow();
    expect(() => compilePattern(ors(10, 10, 11))).toThrow(/more than 1000 combinations/);
  });

  it("of nesting refuse 10,000 levels instead of running out of stack", () => {
    const limits = { characters: Number.MAX_SAFE_INTEGER, combinations: 1000, wildcardComplexity: 10 };
    const nested = (name: string) => `${`{"${name}":`.repeat(10_000)}["x"]${"}".repeat(10_000)}`;

    expect(() => compilePattern(nested("a"), limits)).toThrow(InvalidEventPattern);
    expect(() => compilePattern(nested("a"))).toThrow(InvalidEventPattern);
    expect(() => compilePattern("[".repeat(10_000), limits)).toThrow(InvalidEventPattern);
  });
});

it("a path that is given twice counts as given last, also across $or", () => {
  const twice = compilePattern('{"detail":{"name":["a"]},"detail.name":["b"]}');
  const acrossOr = compilePattern('{"name":["a"],"$or":[{"name":["b"]},{"other":["c"]}]}');

  expect(matchesEvent(twice, { detail: { name: "a" } })).toBe(false);
  expect(matchesEvent(twice, { detail: { name: "b" } })).toBe(true);
  expect(matchesEvent(acrossOr, { name: "b" })).toBe(true);
  expect(matchesEvent(acrossOr, { name: "a" })).toBe(false);
  expect(matchesEvent(acrossOr, { name: "a", other: "c" })).toBe(true);
});

it("$or is a field's name where its objects hold operators", () => {
  const pattern = compilePattern('{"$or":[{"prefix":"a"},{"numeric":["<",5]}]}');

  expect(matchesEvent(pattern, { $or: "abc" })).toBe(true);
  expect(matchesEvent(pattern, { $or: 7 })).toBe(false);
});

describe("wildcards", () => {
  const compile = (...wildcards: readonly string[]) =>
    compilePattern(JSON.stringify({ key: wildcards.map((wildcard) => ({ wildcard })) }));

  it("are refused where one value may match more than ten of their beginnings at once", () => {
    expect(() => compile("*/datasync/*.bif", "*/datasync/*.tif")).not.toThrow();
    expect(() => compile("*/datasync/*.bif", "*/datasync/*.tif", "*/datasync/*.svs")).toThrow(/too complex/);
    expect(() => compile("*a*a*a*a*")).not.toThrow();
    expect(() => compile("*a*a*a*a*a*")).toThrow(/too complex/);
  });

  it("on different fields do not add up, and those that are alike count once", () => {
    const many = Object.fromEntries("abcdefghijkl".split("").map((name) => [name, [{ wildcard: "*x*y*" }]]));

    expect(() => compilePattern(JSON.stringify(many))).not.toThrow();
    expect(() => compile(...Array<string>(20).fill("*x*y*"))).not.toThrow();
  });

  it("take a bounded time to judge", () => {
    const long = Array.from("abcdefghij", (one) => `${one}*${"abcdefghij".repeat(30)}${one}`);

    expect(() => compile(...long)).toThrow(/too complex/);
  });
});
