import type { JsonObject } from "../event/json.ts";
import { fieldsOfParsed, fieldsOfWritten, readEvent } from "./event-fields.ts";
import { type FieldTree, fieldTree } from "./field-tree.ts";
import { matchesCombination } from "./match-combination.ts";
import type { EventPattern } from "./pattern.ts";

/**
 * Whether an event matches a pattern.
 *
 * @param event an event parsed, or its JSON text: text keeps repeated names (each value counts) and numbers
 *   that no double says exactly, which a parsed event has lost
 * @throws InvalidEvent if it is text, and not that of a JSON object
 */
export function matchesEvent(pattern: EventPattern, event: JsonObject | string): boolean {
  const fields = fieldsOf(event, pattern.fields);
  return pattern.combinations.some((combination) => matchesCombination(combination, fields));
}

/**
 * Prepares rules for events that are each to be matched against all of them: an event's fields are then looked
 * up once. Answers the rules that match, in their order; throws InvalidEvent as `matchesEvent` does.
 */
export function createRuleMatcher<Rule extends { readonly pattern: EventPattern }>(
  rules: readonly Rule[],
): (event: JsonObject | string) => readonly Rule[] {
  const combinations = rules.flatMap((rule) => rule.pattern.combinations.flat());
  const wanted = fieldTree(combinations.map((condition) => condition.path));
  return (event) => {
    const fields = fieldsOf(event, wanted);
    return rules.filter((rule) =>
      rule.pattern.combinations.some((combination) => matchesCombination(combination, fields)),
    );
  };
}

function fieldsOf(event: JsonObject | string, wanted: FieldTree) {
  return typeof event === "string"
    ? fieldsOfWritten(readEvent(event), wanted)
    : fieldsOfParsed(event, wanted);
}
