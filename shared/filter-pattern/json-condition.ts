import type { JsonObject } from "../event/json.ts";
import type { Selector } from "./json-selector.ts";

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** Whether a property's text is the one that is asked for. */
export type TextTest = (text: string) => boolean;

/** A text that may begin and end with `*`, which stands for any text. Elsewhere `*` is itself. */
export function textTest(wanted: string): TextTest {
  const open = wanted.startsWith("*");
  const end = wanted.length > 1 && wanted.endsWith("*") ? -1 : undefined;
  const part = wanted.slice(open ? 1 : 0, end);
  if (open) {
    return end === undefined ? (text) => text.endsWith(part) : (text) => text.includes(part);
  }
  return end === undefined ? (text) => text === part : (text) => text.startsWith(part);
}

/**
 * Compares a property. It must be a string or a number: no comparison holds for objects, arrays, booleans, null and
 * properties that are not there, `!=` neither.
 * @param number what a number is compared with; without it numbers are compared by their text
 */
export function compareWith(
  select: Selector,
  operator: Operator,
  isText: TextTest,
  number?: number,
): (event: JsonObject) => boolean {
  const equals = (value: string | number): boolean =>
    typeof value === "number" && number !== undefined ? value === number : isText(String(value));
  const numeric = (holds: (value: number, other: number) => boolean) => (value: string | number) =>
    typeof value === "number" && number !== undefined && holds(value, number);
  const holds = {
    "=": equals,
    "!=": (value: string | number) => !equals(value),
    "<": numeric((value, other) => value < other),
    "<=": numeric((value, other) => value <= other),
    ">": numeric((value, other) => value > other),
    ">=": numeric((value, other) => value >= other),
  }[operator];
  return (event) => {
    const value = select(event);
    return (typeof value === "string" || typeof value === "number") && holds(value);
  };
}
