import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitJson, fitText } from "../../../middleware/fit-json.ts";
import type { JsonValue } from "../../../shared/event/json.ts";

const anyJson = fc.jsonValue({ depthSize: "large", stringUnit: "binary" }) as fc.Arbitrary<JsonValue>;

describe("fitJson", () => {
  it("gives JSON within the limit, whatever the value", () => {
    fc.assert(
      fc.property(anyJson, fc.integer({ min: 2, max: 400 }), (value, limit) => {
        const fitted = fitJson(value, limit);

        if (fitted === undefined) return;
        const text = JSON.stringify(fitted);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
        expect(JSON.stringify(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 1_000 },
    );
  });

  it("leaves a value that fits as it is, and makes another one of a value that does not", () => {
    fc.assert(
      fc.property(anyJson, fc.integer({ min: 2, max: 400 }), (value, limit) => {
        const fits = Buffer.byteLength(JSON.stringify(value)) <= limit;

        expect(fitJson(value, limit) === value).toBe(fits);
      }),
      { numRuns: 1_000 },
    );
  });

  it("keeps what is small whole beside what is large", () => {
    const fitted = fitJson({ text: "x".repeat(1_000), orderId: "order-7", list: ["y".repeat(500), 1] }, 200);

    expect(fitted).toEqual({
      text: expect.stringMatching(/^x{50,}…$/),
      orderId: "order-7",
      list: [expect.stringMatching(/^y{50,}…$/), 1],
    });
  });

  it("keeps the first elements of a long list", () => {
    const numbers = Array.from({ length: 1_000 }, (_, index) => index);

    const fitted = fitJson(numbers, 100) as number[];

    expect(fitted).toEqual(numbers.slice(0, fitted.length));
    expect(fitted.length).toBeGreaterThan(30);
  });

  it("skips a member whose name alone is too long, and keeps those behind it", () => {
    expect(fitJson({ ["n".repeat(500)]: 1, amount: 2 }, 100)).toEqual({ amount: 2 });
  });
});

describe("fitText", () => {
  it("cuts between characters, within the limit", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.integer({ min: 8, max: 80 }),
        (text, limit) => {
          const fitted = fitText(text, limit);

          expect(Buffer.byteLength(fitted)).toBeLessThanOrEqual(limit);
          expect(fitted === text || text.startsWith(fitted.slice(0, -1))).toBe(true);
        },
      ),
    );
  });
});
