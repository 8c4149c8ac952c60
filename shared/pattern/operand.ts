import { comparableNumber } from "./comparable-number.ts";
import type { WrittenMember, WrittenObject, WrittenScalar, WrittenValue } from "./written-json.ts";

/** Ends the reading of a pattern with the reason and the value that it is about. */
export type Refuse = (reason: string, about: WrittenValue) => never;

/** An operand that has to be a string. */
export function stringOf(value: WrittenValue, operator: string, refuse: Refuse): string {
  return value.kind === "string" ? value.text : refuse(`${operator} match pattern must be a string`, value);
}

/** What a number is compared as; a number that no double says exactly cannot be an operand. */
export function numberOf(value: WrittenScalar, refuse: Refuse): number {
  return comparableNumber(value.text) ?? refuse(`Cannot compare number : ${value.text}`, value);
}

/** The member of an object that has to have exactly one. */
export function onlyMember(value: WrittenObject, reasonForNone: string, refuse: Refuse): WrittenMember {
  const [member, ...more] = value.members;
  if (member === undefined) {
    return refuse(reasonForNone, value);
  }
  return more.length === 0 ? member : refuse("Only one key allowed in match expression", value);
}
