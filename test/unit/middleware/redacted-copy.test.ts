import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  DEEPEST,
  HIDDEN,
  LONGEST_JSON_TEXT,
  MOST_VALUES,
  redactedCopy,
} from "../../../middleware/redacted-copy.ts";
import { redactionPathTest } from "../../../middleware/redaction-paths.ts";
import { SECRET_NAMES, secretNameTest } from "../../../middleware/secret-names.ts";

const redaction = { hidesName: secretNameTest(SECRET_NAMES), hidesPath: () => false };

function copyOf(value: unknown, paths: readonly (string | readonly string[])[] = []) {
  return redactedCopy(value, { ...redaction, hidesPath: redactionPathTest(paths) }, ["requestParameters"]);
}

/** A listed name as people write it. */
const secretName = fc
  .tuple(
    fc.constantFrom(...SECRET_NAMES),
    fc.constantFrom(
      (name: string) => name,
      (name: string) => name.toUpperCase(),
      (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      (name: string) => `x-${name}`,
      (name: string) => `user_${name}_2`,
      (name: string) => `new${name[0]?.toUpperCase()}${name.slice(1)}`,
    ),
  )
  .map(([name, write]) => write(name));

const CANARY = "c4nary";

/** A value with a canary under a secret name, somewhere deep inside. */
const holdsCanary: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  secret: fc
    .tuple(secretName, fc.anything())
    .map(([name, other]) => ({ other, [name]: CANARY, text: '{"a":1}' })),
  secretInside: secretName.map((name) => ({ [name]: { list: [CANARY, { of: CANARY }] } })),
  pair: secretName.map((name) => [
    { name, value: CANARY },
    { Key: name, Value: [CANARY] },
  ]),
  object: fc.tuple(fc.string(), tie("any")).map(([name, inside]) => ({ [name]: inside, more: 1 })),
  list: tie("any").map((inside) => [1, inside, "x"]),
  text: tie("any").map((inside) => JSON.stringify(inside, withoutBigInt) ?? ""),
  map: tie("any").map((inside) => new Map([["key", inside]])),
  set: tie("any").map((inside) => new Set([inside])),
  withJson: tie("any").map((inside) => ({ toJSON: () => inside })),
  any: fc.oneof(
    { maxDepth: 8 },
    tie("secret"),
    tie("secretInside"),
    tie("pair"),
    tie("object"),
    tie("list"),
    tie("text"),
    tie("map"),
    tie("set"),
    tie("withJson"),
  ),
})).any;

function withoutBigInt(_: string, value: unknown): unknown {
  return typeof value === "bigint" ? String(value) : value;
}

describe("redactedCopy", () => {
  it("lets no value of a listed name through, at any depth and in any dress", () => {
    fc.assert(
      fc.property(holdsCanary, (value) => {
        const text = JSON.stringify(copyOf(value)) ?? "";

        expect(text).not.toContain(CANARY);
      }),
      { numRuns: 2_000 },
    );
  });

  it("gives JSON of anything, without throwing, and the same once more when it is copied again", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true }),
        (value) => {
          const copy = copyOf(value);

          const text = JSON.stringify({ copy });
          expect(JSON.stringify({ copy: copyOf(copy) })).toBe(text);
          expect(JSON.stringify(JSON.parse(text))).toBe(text);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("changes nothing of the original", () => {
    const value = Object.freeze({ password: "x", list: Object.freeze([Object.freeze({ token: "y" })]) });

    expect(copyOf(value)).toEqual({ password: HIDDEN, list: [{ token: HIDDEN }] });
    expect(value).toEqual({ password: "x", list: [{ token: "y" }] });
  });

  it("has a form for what JSON does not have", () => {
    const circular: Record<string, unknown> = { name: "a" };
    circular.self = circular;
    const unreadable = {
      get member(): never {
        throw new Error("no");
      },
    };

    const copy = copyOf({
      circular,
      unreadable,
      big: 12n,
      bytes: Buffer.from("secret bytes"),
      date: new Date(Date.UTC(2026, 0, 1)),
      none: Number.NaN,
      run: () => 1,
      error: new TypeError("wrong"),
      map: new Map<unknown, unknown>([[1, "one"]]),
      url: new URL("https://shop.example.com/"),
    });

    expect(copy).toEqual({
      circular: { name: "a", self: "[Circular]" },
      unreadable: "[Unreadable]",
      big: "12",
      bytes: "[12 bytes]",
      date: "2026-01-01T00:00:00.000Z",
      none: null,
      error: { name: "TypeError", message: "wrong" },
      map: { "1": "one" },
      url: "https://shop.example.com/",
    });
  });

  it("keeps members named __proto__ as data", () => {
    const copy = copyOf(JSON.parse('{"__proto__":{"password":"x","a":1}}'));

    expect(JSON.stringify(copy)).toBe(`{"__proto__":{"password":"${HIDDEN}","a":1}}`);
  });

  it("hides what stands twice in a text of JSON, of which parsing shows the last alone", () => {
    expect(copyOf({ text: `{"a": {"password": "${CANARY}"}, "a": 1}` })).toEqual({ text: '{"a":1}' });
  });

  it("leaves out what is too deep, too much or too long to be looked through", () => {
    let deep: unknown = { password: CANARY };
    for (let level = 0; level < DEEPEST + 10; level += 1) deep = { deep };
    const many = Array.from({ length: MOST_VALUES + 5 }, () => 1);
    const long = `{"password":"${CANARY}","x":"${"x".repeat(LONGEST_JSON_TEXT)}"}`;

    const copy = copyOf([deep, JSON.stringify(deep), long, many]) as [unknown, unknown, unknown, unknown[]];

    expect(JSON.stringify(copy)).not.toContain(CANARY);
    expect(JSON.stringify(copy[0])).toContain("[Left out]");
    expect(copy[2]).toBe(`[${long.length} characters]`);
    expect(copy[3].length).toBeLessThan(MOST_VALUES);
  });

  it.each([
    ["requestParameters.body.note", { body: { note: HIDDEN, other: { note: "b" } } }],
    ["requestParameters.*.note", { body: { note: HIDDEN, other: { note: "b" } } }],
    ["requestParameters.body.other", { body: { note: "a", other: HIDDEN } }],
    [["requestParameters", "body", "other", "note"], { body: { note: "a", other: { note: HIDDEN } } }],
    ["requestParameters", HIDDEN],
  ])("hides the path %s", (path, expected) => {
    expect(copyOf({ body: { note: "a", other: { note: "b" } } }, [path])).toEqual(expected);
  });

  it("gives elements of a list the path of the list", () => {
    expect(copyOf({ cards: [{ number: 1 }, { number: 2 }] }, ["requestParameters.cards.number"])).toEqual({
      cards: [{ number: HIDDEN }, { number: HIDDEN }],
    });
  });

  it.each(["", "a..b", "eventName", "eventTime.x"])("refuses the path %j", (path) => {
    expect(() => redactionPathTest([path])).toThrow(TypeError);
  });
});

describe("secretNameTest", () => {
  const isSecret = secretNameTest([...SECRET_NAMES, "kv", "vatNumber"], ["nextToken", "c_vc"]);

  it.each([
    "password",
    "PASSWORD",
    "userPassword2",
    "x-api-key",
    "X-Amz-Security-Token",
    "ａｐｉＫｅｙ",
    "cardPin",
    "PIN",
    "pin_code",
    "CVV",
    "oneTimeOTP",
    "kv",
    "VAT-number",
    "accessTokens",
  ])("hides %s", (name) => {
    expect(isSecret(name)).toBe(true);
  });

  it.each(["shipping", "opinion", "orderId", "amount", "nextToken", "NEXT_TOKEN", "cvc", "spinner", ""])(
    "does not hide %j",
    (name) => {
      expect(isSecret(name)).toBe(false);
    },
  );

  it("refuses a name of neither letters nor digits", () => {
    expect(() => secretNameTest(["--"])).toThrow(TypeError);
  });
});
