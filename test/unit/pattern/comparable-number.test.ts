import fc from "fast-check";
import { expect, it } from "vitest";
import { comparableNumber } from "../../../shared/pattern/comparable-number.ts";

// Where one digit names a double, JavaScript and AWS's engine may disagree on which: only below 1e-300 or so.
const double = fc
  .double({ noNaN: true, noDefaultInfinity: true })
  .filter((value) => value === 0 || Math.abs(value) > 1e-300);

it("every way to write a double that names it exactly is that double", () => {
  fc.assert(
    fc.property(double, fc.integer({ min: 0, max: 5 }), (value, zeros) => {
      const [mantissa = "", exponent = ""] = value.toExponential().split("e");
      const padded = `${mantissa.includes(".") ? mantissa : `${mantissa}.`}0${"0".repeat(zeros)}E${exponent}`;

      const numbers = [String(value), value.toExponential(), padded].map(comparableNumber);

      expect(numbers.every((number) => number === value)).toBe(true);
    }),
  );
});

it.each(["1e309", "1E-325", "12345678901234567891", "9007199254740993", "0.30000000000000000001"])(
  "%s is no double, and so not comparable",
  (text) => {
    expect(comparableNumber(text)).toBeUndefined();
  },
);

it.each(["4.9E-324", "1.7976931348623157E308"])(
  "%s, at the end of what doubles can say, is comparable",
  (text) => {
    expect(comparableNumber(text)).toBe(Number(text));
  },
);
