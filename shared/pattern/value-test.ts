import type { FoldedText } from "./folded-text.ts";
import { endsWithFolded, equalsFolded, startsWithFolded } from "./folded-text.ts";
import { type IpRange, isInRange, parseIpAddress } from "./ip-address.ts";
import { matchesWildcard, type Wildcard } from "./wildcard.ts";

/** A scalar in an event. */
export interface EventScalar {
  readonly kind: "string" | "number" | "literal";
  /** A string's characters; a number, true, false and null as written. */
  readonly text: string;
  /** What a number is compared as; undefined where it is none, or is only comparable by its text. */
  readonly number: number | undefined;
}

/** One thing that a pattern asks of a scalar. Every operator but `exists: false`, which asks for its absence. */
export type ValueTest =
  | { readonly kind: "string"; readonly text: string }
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "number"; readonly text: string; readonly number: number | undefined }
  | NumericRange
  | { readonly kind: "address"; readonly range: IpRange }
  | { readonly kind: "prefix" | "suffix"; readonly text: string }
  | {
      readonly kind: "equals-ignore-case" | "prefix-ignore-case" | "suffix-ignore-case";
      readonly folded: FoldedText;
    }
  | WildcardTest
  | { readonly kind: "exists" }
  | AnythingBut;

/** A number between two ends, which may be open. */
export interface NumericRange {
  readonly kind: "numeric";
  readonly above: number;
  readonly orAbove: boolean;
  readonly below: number;
  readonly orBelow: boolean;
}

/** A string with stars. The pattern's text tells equal wildcards. */
export interface WildcardTest {
  readonly kind: "wildcard";
  readonly text: string;
  readonly wildcard: Wildcard;
}

/** Any scalar that passes none of the tests, of whatever type. */
export interface AnythingBut {
  readonly kind: "anything-but";
  readonly tests: readonly ValueTest[];
}

/** Whether a scalar is what a test asks for. */
export function passes(test: ValueTest, scalar: EventScalar): boolean {
  switch (test.kind) {
    case "exists":
      return true;
    case "anything-but":
      return !test.tests.some((inner) => passes(inner, scalar));
    case "literal":
      return scalar.kind === "literal" && scalar.text === test.text;
    case "number":
      return (
        scalar.kind === "number" &&
        (test.number === undefined ? scalar.text === test.text : scalar.number === test.number)
      );
    case "numeric":
      return scalar.number !== undefined && isBetween(test, scalar.number);
    default:
      return scalar.kind === "string" && passesAsString(test, scalar.text);
  }
}

type StringTest = Exclude<
  ValueTest,
  NumericRange | AnythingBut | { readonly kind: "exists" | "literal" | "number" }
>;

function passesAsString(test: StringTest, text: string): boolean {
  switch (test.kind) {
    case "string":
      return text === test.text;
    case "prefix":
      return text.startsWith(test.text);
    case "suffix":
      return text.endsWith(test.text);
    case "equals-ignore-case":
      return equalsFolded(text, test.folded);
    case "prefix-ignore-case":
      return startsWithFolded(text, test.folded);
    case "suffix-ignore-case":
      return endsWithFolded(text, test.folded);
    case "wildcard":
      return matchesWildcard(text, test.wildcard);
    case "address": {
      const address = parseIpAddress(text);
      return address !== undefined && isInRange(test.range, address);
    }
  }
}

function isBetween(range: NumericRange, number: number): boolean {
  return (
    (number > range.above || (range.orAbove && number === range.above)) &&
    (number < range.below || (range.orBelow && number === range.below))
  );
}
