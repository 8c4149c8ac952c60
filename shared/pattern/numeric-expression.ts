import { numberOf, type Refuse } from "./operand.ts";
import type { NumericRange, ValueTest } from "./value-test.ts";
import type { WrittenArray, WrittenValue } from "./written-json.ts";

const EVERY_NUMBER: NumericRange = {
  kind: "numeric",
  above: Number.NEGATIVE_INFINITY,
  orAbove: false,
  below: Number.POSITIVE_INFINITY,
  orBelow: false,
};

/** Reads the operand of `numeric`: `["=", n]`, one bound, or a lower bound and after it an upper one. */
export function numericTest(value: WrittenValue, refuse: Refuse): ValueTest {
  if (value.kind !== "array") {
    return refuse("Value of numeric must be an array.", value);
  }
  const operator = operatorAt(value, 0, refuse);
  switch (operator) {
    case "=": {
      const number = boundAt(value, 1, refuse);
      return endsAt(value, 2, { kind: "number", text: String(number), number }, refuse);
    }
    case "<":
    case "<=":
      return endsAt(value, 2, withUpperBound(EVERY_NUMBER, value, 0, refuse), refuse);
    case ">":
    case ">=": {
      const above = boundAt(value, 1, refuse);
      const lower: NumericRange = { ...EVERY_NUMBER, above, orAbove: operator === ">=" };
      if (value.elements.length === 2) {
        return lower;
      }
      const upperOperator = operatorAt(value, 2, refuse);
      if (upperOperator !== "<" && upperOperator !== "<=") {
        return refuse(`Bad numeric range operator: ${upperOperator}`, value);
      }
      const range = withUpperBound(lower, value, 2, refuse);
      return range.above < range.below
        ? endsAt(value, 4, range, refuse)
        : refuse("Bottom must be less than top", value);
    }
    default:
      return refuse(`Unrecognized numeric range operator: ${operator}`, value);
  }
}

function withUpperBound(range: NumericRange, value: WrittenArray, at: number, refuse: Refuse): NumericRange {
  const orBelow = operatorAt(value, at, refuse) === "<=";
  return { ...range, below: boundAt(value, at + 1, refuse), orBelow };
}

function operatorAt(value: WrittenArray, at: number, refuse: Refuse): string {
  const operator = value.elements[at];
  return operator?.kind === "string"
    ? operator.text
    : refuse("Invalid member in numeric match: an operator is expected", operator ?? value);
}

function boundAt(value: WrittenArray, at: number, refuse: Refuse): number {
  const bound = value.elements[at];
  const operator = operatorAt(value, at - 1, refuse);
  return bound?.kind === "number"
    ? numberOf(bound, refuse)
    : refuse(`Value of ${operator === "=" ? "equals" : operator} must be numeric`, bound ?? value);
}

function endsAt(value: WrittenArray, length: number, test: ValueTest, refuse: Refuse): ValueTest {
  return value.elements.length === length ? test : refuse("Too many elements in numeric expression", value);
}
