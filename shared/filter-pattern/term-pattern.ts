import type { FilterPattern } from "./filter-pattern.ts";
import { InvalidFilterPattern } from "./invalid-filter-pattern.ts";
import { PatternCursor } from "./pattern-cursor.ts";

/**
 * A pattern of terms: all plain terms must be in the message and no term with `-` may be. Terms with `?` are
 * alternatives, and count only where all terms have it: beside others AWS ignores them.
 * @throws InvalidFilterPattern
 */
export function readTermPattern(pattern: string): FilterPattern {
  const required: string[] = [];
  const excluded: string[] = [];
  const alternatives: string[] = [];
  const cursor = new PatternCursor(pattern);
  while (!cursor.atEnd()) {
    const list = cursor.take("-") ? excluded : cursor.take("?") ? alternatives : required;
    list.push(readTerm(cursor));
  }

  if (required.length + excluded.length === 0 && alternatives.length > 0) {
    return (message) => alternatives.some((term) => message.includes(term));
  }
  return (message) =>
    required.every((term) => message.includes(term)) && !excluded.some((term) => message.includes(term));
}

function readTerm(cursor: PatternCursor): string {
  const quoted = cursor.takeQuoted();
  if (quoted !== undefined) {
    return quoted;
  }
  const term = cursor.takeMatch(/[^\s"]+/y) ?? "";
  if (!/^\w+$/.test(term)) {
    throw new InvalidFilterPattern(`Invalid character(s) in term '${term}'`);
  }
  return term;
}
