import fc from "fast-check";
import { expect, it } from "vitest";
import type { JsonObject, JsonValue } from "../../../shared/event/json.ts";
import { compilePattern } from "../../../shared/pattern/compile-pattern.ts";
import { createRuleMatcher, matchesEvent } from "../../../shared/pattern/match-event.ts";
import { referenceMatch } from "./reference-matcher.ts";

const NO_LIMITS = {
  characters: Number.POSITIVE_INFINITY,
  combinations: Number.POSITIVE_INFINITY,
  wildcardComplexity: Number.POSITIVE_INFINITY,
};

const names = fc.constantFrom("a", "b", "a-b");
const text = fc.constantFrom("", "a", "A", "ab", "aB", "ba", "abab");
const number = fc.constantFrom(0, 1, -1, 1.5, 10);
const scalar = fc.oneof(
  { weight: 4, arbitrary: text },
  number,
  fc.constantFrom<JsonValue>(true, false, null),
);
const oneOrMore = <T>(one: fc.Arbitrary<T>) => fc.oneof(one, fc.array(one, { minLength: 1, maxLength: 3 }));
const stars = fc
  .array(fc.constantFrom("a", "b", "*"), { maxLength: 5 })
  .map((tokens) => tokens.join("").replace(/\*+/g, "*"));
const notEmpty = fc.constantFrom("a", "A", "ab", "B");

const expression: fc.Arbitrary<JsonValue> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  fc.boolean().map((exists) => ({ exists })),
  fc
    .oneof(
      text,
      text.map((folded) => ({ "equals-ignore-case": folded })),
    )
    .map((prefix) => ({ prefix })),
  fc
    .oneof(
      text,
      text.map((folded) => ({ "equals-ignore-case": folded })),
    )
    .map((suffix) => ({ suffix })),
  text.map((folded) => ({ "equals-ignore-case": folded })),
  stars.map((wildcard) => ({ wildcard })),
  fc
    .constantFrom<JsonValue>(["=", 1], ["<", 1], [">=", 0], [">", -1, "<=", 1.5])
    .map((numeric) => ({ numeric })),
  fc
    .oneof(
      oneOrMore(text),
      oneOrMore(number),
      oneOrMore(notEmpty).map((prefix) => ({ prefix })),
      oneOrMore(notEmpty).map((suffix) => ({ suffix })),
      oneOrMore(text).map((folded) => ({ "equals-ignore-case": folded })),
      oneOrMore(stars).map((wildcard) => ({ wildcard })),
    )
    .map((operand) => ({ "anything-but": operand })),
);

const { pattern } = fc.letrec<{ pattern: JsonObject; field: JsonValue }>((tie) => ({
  field: fc.oneof(
    { depthSize: "small" },
    fc.array(expression, { minLength: 1, maxLength: 2 }),
    tie("pattern"),
  ),
  pattern: fc.oneof(
    {
      weight: 5,
      arbitrary: fc.dictionary(names, tie("field"), { minKeys: 1, maxKeys: 2, noNullPrototype: true }),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(tie("pattern"), { minLength: 2, maxLength: 2, depthIdentifier: "or" })
        .map((alternatives) => ({ $or: alternatives })),
    },
  ),
}));

const { event } = fc.letrec<{ event: JsonObject; value: JsonValue }>((tie) => ({
  value: fc.oneof({ depthSize: "medium" }, scalar, tie("event"), fc.array(tie("value"), { maxLength: 3 })),
  event: fc.dictionary(names, tie("value"), { maxKeys: 4, noNullPrototype: true }),
}));

it("every pattern matches the events that the plain reference matches, parsed or as text", () => {
  fc.assert(
    fc.property(pattern, event, (anyPattern, anyEvent) => {
      const compiled = compilePattern(JSON.stringify(anyPattern), NO_LIMITS);

      const answers = [matchesEvent(compiled, anyEvent), matchesEvent(compiled, JSON.stringify(anyEvent))];

      const expected = referenceMatch(anyPattern, anyEvent);
      expect(answers).toEqual([expected, expected]);
    }),
    { numRuns: 3000 },
  );
});

it("rules matched together match as each does alone", () => {
  fc.assert(
    fc.property(fc.array(pattern, { maxLength: 5 }), event, (patterns, anyEvent) => {
      const rules = patterns.map((one) => ({ pattern: compilePattern(JSON.stringify(one), NO_LIMITS) }));

      const matching = createRuleMatcher(rules)(anyEvent);

      expect(matching).toEqual(rules.filter((rule) => matchesEvent(rule.pattern, anyEvent)));
    }),
    { numRuns: 300 },
  );
});

it("the generated cases tell something: both answers are frequent enough", () => {
  const matched = fc
    .sample(fc.tuple(pattern, event), 1000)
    .filter(([one, other]) => referenceMatch(one, other));

  expect(matched.length).toBeGreaterThan(50);
  expect(matched.length).toBeLessThan(950);
});
