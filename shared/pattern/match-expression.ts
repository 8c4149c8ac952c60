import { anythingButTest } from "./anything-but.ts";
import { comparableNumber } from "./comparable-number.ts";
import { foldText } from "./folded-text.ts";
import { parseCidr, parseIpAddress } from "./ip-address.ts";
import { numericTest } from "./numeric-expression.ts";
import { onlyMember, type Refuse, stringOf } from "./operand.ts";
import type { ValueTest } from "./value-test.ts";
import { wildcardTest } from "./wildcard-test.ts";
import type { WrittenMember, WrittenObject, WrittenValue } from "./written-json.ts";

/**
 * Reads one of the alternatives that a field's array lists: a plain value, or an object with one operator.
 * "absent" is `{"exists": false}`. `exactly` is not in AWS's user guide, but its engine takes it.
 */
export function parseMatchExpression(value: WrittenValue, refuse: Refuse): ValueTest | "absent" {
  switch (value.kind) {
    case "object":
      return parseOperator(value, onlyMember(value, "Match expression name not found", refuse), refuse);
    case "array":
      return refuse("Match value must be String, number, true, false, or null", value);
    case "string": {
      // An address written as a plain string matches every way to write that address.
      const address = parseIpAddress(value.text);
      return address === undefined
        ? { kind: "string", text: value.text }
        : { kind: "address", range: { first: address, last: address } };
    }
    case "number":
      return { kind: "number", text: value.text, number: comparableNumber(value.text) };
    case "literal":
      return { kind: "literal", text: value.text };
  }
}

function parseOperator(whole: WrittenObject, member: WrittenMember, refuse: Refuse): ValueTest | "absent" {
  const { name, value } = member;
  switch (name) {
    case "exactly":
      return { kind: "string", text: stringOf(value, "exact", refuse) };
    case "prefix":
    case "suffix":
      return value.kind === "object"
        ? { kind: `${name}-ignore-case`, folded: foldText(ignoreCaseOperand(value, name, refuse)) }
        : { kind: name, text: stringOf(value, name, refuse) };
    case "equals-ignore-case":
      return { kind: name, folded: foldText(stringOf(value, name, refuse)) };
    case "wildcard":
      return wildcardTest(value, refuse);
    case "cidr": {
      // EventBridge says "prefix" of a cidr, too.
      const text = stringOf(value, "prefix", refuse);
      return { kind: "address", range: parseCidr(text, (reason) => refuse(reason, value)) };
    }
    case "numeric":
      return numericTest(value, refuse);
    case "exists":
      if (value.kind !== "literal" || value.text === "null") {
        return refuse("exists match pattern must be either true or false.", value);
      }
      return value.text === "true" ? { kind: "exists" } : "absent";
    case "anything-but":
      return anythingButTest(value, refuse);
    default:
      return refuse(`Unrecognized match type ${name}`, whole);
  }
}

function ignoreCaseOperand(value: WrittenObject, operator: string, refuse: Refuse): string {
  const { name, value: operand } = onlyMember(value, `${operator} expression name not found`, refuse);
  return name === "equals-ignore-case"
    ? stringOf(operand, name, refuse)
    : refuse(`Unsupported ${operator} pattern: ${name}`, value);
}
