import { type Refuse, stringOf } from "./operand.ts";
import type { WildcardTest } from "./value-test.ts";
import { parseWildcard } from "./wildcard.ts";
import type { WrittenValue } from "./written-json.ts";

/** Reads the operand of `wildcard`. */
export function wildcardTest(value: WrittenValue, refuse: Refuse): WildcardTest {
  const text = stringOf(value, "wildcard", refuse);
  return { kind: "wildcard", text, wildcard: parseWildcard(text, (reason) => refuse(reason, value)) };
}
