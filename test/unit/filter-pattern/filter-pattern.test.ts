import { describe, expect, test } from "vitest";
import { compileFilterPattern } from "../../../shared/filter-pattern/filter-pattern.ts";
import { InvalidFilterPattern } from "../../../shared/filter-pattern/invalid-filter-pattern.ts";

function matching(pattern: string, messages: readonly string[]): readonly number[] {
  const matches = compileFilterPattern(pattern);
  return messages.flatMap((message, index) => (matches(message) ? [index] : []));
}

describe("terms", () => {
  const messages = ["ERROR WARN message", "ERROR message", "WARN message", "[ERROR 401] a-b Exiting"];

  test.each([
    ["", [0, 1, 2, 3]],
    ["  ", [0, 1, 2, 3]],
    ["ERROR", [0, 1, 3]],
    ["error", []],
    ["ERR", [0, 1, 3]],
    ["ERROR WARN", [0]],
    ["?ERROR ?WARN", [0, 1, 2, 3]],
    ["ERROR -WARN", [1, 3]],
    ['"ERROR" - "Exiting"', [0, 1]],
    ["-ERROR", [2]],
    ['"ERROR 401"', [3]],
    ['"ERROR  401"', []],
    ['"a-b"', [3]],
    ['?"401" ?nothing', [3]],
    ["ERROR ?WARN", [0, 1, 3]],
  ] as const)("%j", (pattern, expected) => {
    expect(matching(pattern, messages)).toEqual(expected);
  });

  test("a backslash in quotes stands before a quote", () => {
    expect(matching('"say \\"yes\\""', ['say "yes"', "say yes"])).toEqual([0]);
  });
});

describe("regular expressions", () => {
  const messages = ["[ERROR 401] UNAUTHORIZED", "[SUCCESS 200] AUTHORIZED", "10.10.0.1 grey", "colour"];

  test.each([
    ["%AUTHORIZED%", [0, 1]],
    ["%^.ERROR%", [0]],
    ["%AUTHORIZED$%", [0, 1]],
    ["%gr[ae]y|colou?r%", [2, 3]],
    ["%10\\.10\\.0\\.\\d{1,3}%", [2]],
    ["%1010%", []],
    ["%\\s401%", [0]],
    ["%\\x5bS%", [1]],
    ["%o{2,}|S{2}%", [1]],
    ["%^$%", []],
    ["%a*%", [0, 1, 2, 3]],
  ] as const)("%s", (pattern, expected) => {
    expect(matching(pattern, messages)).toEqual(expected);
  });
});

const EVENT = JSON.stringify({
  eventType: "UpdateTrail",
  sourceIPAddress: "111.111.111.111",
  recipientAccountId: "123456789012",
  arrayKey: ["value", "another value"],
  objectList: [
    { name: "a", id: 1 },
    { name: "b", id: 2 },
  ],
  coordinates: [
    [0, 1, 2],
    [4, 5, 6],
  ],
  SomeObject: null,
  ThisFlag: true,
  OtherFlag: false,
  latency: 512.5,
  "dotted.name": "x",
  user: { id: 1, email: "John.Stiles@example.com" },
});

describe("JSON conditions that hold", () => {
  test.each([
    '{ $.eventType = "UpdateTrail" }',
    "{$.eventType=UpdateTrail}",
    "{ $.eventType = Update* }",
    '{ $.eventType = "*Trail" }',
    "{ $.eventType = *dateT* }",
    "{ $.eventType = * }",
    "{ $.latency = * }",
    "{ $.sourceIPAddress != 123.123.* }",
    "{ $.sourceIPAddress = 111.111.111.111 }",
    "{ $.recipientAccountId = 123456789012 }",
    '{ $.arrayKey[0] = "value" }',
    "{ $.objectList[1].id = 2 }",
    '{ $.objectList[1].id = "2" }',
    "{ $.coordinates[1][2] >= 6 }",
    "{ $.SomeObject IS NULL }",
    "{ $.SomeOtherObject NOT EXISTS }",
    "{ $.objectList[2] NOT EXISTS }",
    "{ $.user.id.deeper NOT EXISTS }",
    "{ $.ThisFlag IS TRUE }",
    "{ $.OtherFlag IS FALSE }",
    "{ $.latency > +500 }",
    "{ $.latency < 10e3 }",
    "{ $.latency <= 5.125e2 && $.latency >= 512.50 }",
    "{ $.latency = 5125e-1 }",
    "{ $.latency != 512 }",
    "{ $.['dotted.name'] = x }",
    "{ $.eventType = %^Up.*il$% }",
    "{ $.eventType != %Delete% }",
    '{ ($.user.id = 1) && ($.user.email = "John.Stiles@example.com") }',
    '{ $.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = no && $.eventType = no }',
    "{ ((($.user.id = 1))) }",
  ])("%s", (pattern) => {
    expect(compileFilterPattern(pattern)(EVENT)).toBe(true);
  });
});

describe("JSON conditions that do not hold", () => {
  test.each([
    '{ $.eventType = "updatetrail" }',
    "{ $.eventType = Up*Trail }",
    "{ $.eventType = Update }",
    "{ $.arrayKey = value }",
    "{ $.arrayKey != value }",
    "{ $.user != 1 }",
    "{ $.SomeObject != x }",
    "{ $.SomeOtherObject != x }",
    "{ $.SomeOtherObject IS NULL }",
    "{ $.SomeObject NOT EXISTS }",
    "{ $.ThisFlag IS FALSE }",
    "{ $.eventType IS TRUE }",
    "{ $.ThisFlag = true }",
    "{ $.recipientAccountId > 1 }",
    "{ $.arrayKey[0].name = value }",
    "{ $.eventType[0] = U }",
    "{ $.constructor = * }",
    '{ ($.user.email = "John.Stiles@example.com" || $.coordinates[0][1] = no) && $.eventType = no }',
  ])("%s", (pattern) => {
    expect(compileFilterPattern(pattern)(EVENT)).toBe(false);
  });

  test.each(["no JSON", "[1]", "null", '"text"', "{"])("on the message %s", (message) => {
    expect(compileFilterPattern("{ $.a NOT EXISTS }")(message)).toBe(false);
  });
});

describe("no filter patterns", () => {
  test.each([
    ["a term that needs quotes", "a-b", "Invalid character(s) in term 'a-b'"],
    ["a quote that does not end", '"abc', "term"],
    ["a lone minus", "-", "term"],
    ["an expression that does not end", "%abc", "two %"],
    ["an expression among terms", "%abc% d", "two %"],
    ["a group", "%(ab)+%", "no regular expression"],
    ["a character that is not supported", "%a!%", "no regular expression"],
    ["a repetition of nothing", "%*a%", "no regular expression"],
    ["a repetition of a repetition", "%a**%", "no regular expression"],
    ["a repetition backwards", "%a{3,2}%", "no regular expression"],
    ["an escape that is not supported", "%a\\b%", "no regular expression"],
    ["an open class", "%[ab%", "no regular expression"],
    ["too many repetitions", "%a{1999}b{1999}%", "too complex"],
    ["an empty expression", "%%", "no regular expression"],
    ["space-delimited fields", "[ip, user]", "space-delimited"],
    ["empty braces", "{ }", "selector"],
    ["an open brace", "{ $.a = 1", "'}'"],
    ["text after the brace", "{ $.a = 1 } x", "The end"],
    ["an open parenthesis", "{ ($.a = 1 }", "')'"],
    ["a single ampersand", "{ $.a = 1 & $.b = 2 }", "'}'"],
    ["a double equals sign", "{ $.a == 1 }", "value"],
    ["no value", "{ $.a = }", "value"],
    ["no operator", "{ $.a }", "comparison"],
    ["a selector without a root", "{ a = 1 }", "selector"],
    ["a bare root", "{ $ = 1 }", "selector"],
    ["an order of texts", "{ $.a > abc }", "number"],
    ["keywords that AWS has not", "{ $.a IS UNKNOWN }", "comparison"],
    ["a third regular expression", "{ $.a = %a% || $.a = %b% || $.a = %c% }", "third"],
    ["1,025 characters", "a".repeat(1025), "1024"],
  ])("%s", (_what, pattern, message) => {
    expect(() => compileFilterPattern(pattern)).toThrow(InvalidFilterPattern);
    expect(() => compileFilterPattern(pattern)).toThrow(message);
  });
});

describe("cost", () => {
  test("an expression that would backtrack for ever ends at once", () => {
    const matches = compileFilterPattern(`%${".*a".repeat(60)}$%`);
    const started = performance.now();

    expect(matches(`${"a".repeat(50)}${"b".repeat(5_000)}`)).toBe(false);

    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test("parentheses may be nested as deep as the length lets them", () => {
    const pattern = `{${"(".repeat(507)}$.a = 1${")".repeat(507)}}`;

    expect(compileFilterPattern(pattern)('{"a":1}')).toBe(true);
  });
});
