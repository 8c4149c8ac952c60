import fc from "fast-check";
import { expect, test } from "vitest";
import { compileRegex } from "../../../shared/filter-pattern/regex.ts";

const item = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\d", "\\W", "1", "-", "\\.", "[a-c1]");
const repetition = fc.constantFrom("", "", "", "?", "*", "+", "{2}", "{0,2}", "{1,}");
const branch = fc
  .tuple(
    fc.constantFrom("", "", "^"),
    fc.array(
      fc.tuple(item, repetition).map((pair) => pair.join("")),
      { maxLength: 6 },
    ),
    fc.constantFrom("", "", "$"),
  )
  .map(([start, items, end]) => `${start}${items.join("")}${end}`);
const expression = fc
  .array(branch, { minLength: 1, maxLength: 3 })
  .map((branches) => branches.join("|"))
  .filter((text) => text !== "");
const message = fc.string({ unit: fc.constantFrom("a", "b", "c", "1", "-", ".", "\n", "ü"), maxLength: 12 });

test("an expression matches what JavaScript's does", () => {
  fc.assert(
    fc.property(expression, message, (source, text) => {
      expect(compileRegex(source)(text)).toBe(new RegExp(source).test(text));
    }),
    { numRuns: 3_000 },
  );
});
