import { foldText } from "./folded-text.ts";
import { numberOf, onlyMember, type Refuse } from "./operand.ts";
import type { AnythingBut, ValueTest } from "./value-test.ts";
import { wildcardTest } from "./wildcard-test.ts";
import type { WrittenObject, WrittenValue } from "./written-json.ts";

/** Reads the operand of `anything-but`: a value, a list of values of one type, or an operator on either. */
export function anythingButTest(value: WrittenValue, refuse: Refuse): AnythingBut {
  if (value.kind === "object") {
    const { name, value: operand } = onlyMember(value, "Anything-But expression name not found", refuse);
    const tests = listed(operand, refuse).map((element) => operatorTest(name, element, value, refuse));
    return { kind: "anything-but", tests };
  }
  const elements = listed(value, refuse);
  const tests = elements.map((element) => plainTest(element, refuse));
  return new Set(tests.map((test) => test.kind)).size === 1
    ? { kind: "anything-but", tests }
    : refuse(
        "Inside anything but list, either all values are number or string, mixed type is not supported",
        value,
      );
}

/** The values that are named: those of a list, or the one that stands without a list. */
function listed(value: WrittenValue, refuse: Refuse): readonly WrittenValue[] {
  if (value.kind === "object" || value.kind === "literal") {
    return refuse("Value of anything-but must be an array or single string/number value.", value);
  }
  if (value.kind === "array" && value.elements.length === 0) {
    return refuse("Value of anything-but must not be an empty array.", value);
  }
  return value.kind === "array" ? value.elements : [value];
}

function plainTest(element: WrittenValue, refuse: Refuse): ValueTest {
  switch (element.kind) {
    case "string":
      return { kind: "string", text: element.text };
    case "number":
      return { kind: "number", text: element.text, number: numberOf(element, refuse) };
    default:
      return refuse("Inside anything but list, start|null|boolean is not supported.", element);
  }
}

function operatorTest(
  operator: string,
  operand: WrittenValue,
  whole: WrittenObject,
  refuse: Refuse,
): ValueTest {
  switch (operator) {
    case "prefix":
    case "suffix": {
      if (operand.kind !== "string") {
        return refuse("prefix/suffix match pattern must be a string", operand);
      }
      return operand.text === ""
        ? refuse("Null prefix/suffix not allowed", operand)
        : { kind: operator, text: operand.text };
    }
    case "equals-ignore-case":
      return operand.kind === "string"
        ? { kind: operator, folded: foldText(operand.text) }
        : refuse(
            "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
            operand,
          );
    case "wildcard":
      return wildcardTest(operand, refuse);
    default:
      return refuse(`Unsupported anything-but pattern: ${operator}`, whole);
  }
}
