import { fieldTree } from "./field-tree.ts";
import { InvalidEventPattern, placeInPattern } from "./invalid-event-pattern.ts";
import { EVENTBRIDGE_LIMITS, type PatternLimits } from "./limits.ts";
import type { Combination, EventPattern } from "./pattern.ts";
import { readCombinations } from "./pattern-fields.ts";
import { exceedsComplexity } from "./wildcard-complexity.ts";
import { JsonTextError, readWrittenJson, type WrittenObject } from "./written-json.ts";

const MAX_DEPTH = 1000;

/**
 * Reads an event pattern and prepares it for matching. The semantics are those of event-ruler, the engine that
 * AWS publishes: a path that is given twice counts as it is given last, and `$or` is an ordinary name wherever
 * it cannot be read as the operator.
 *
 * @param text JSON text of the pattern
 * @throws InvalidEventPattern
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compilePattern(text: string, limits: PatternLimits = EVENTBRIDGE_LIMITS): EventPattern {
  if (text.length > limits.characters) {
    throw new InvalidEventPattern(`The pattern is longer than ${limits.characters} characters`);
  }
  const combinations = combinationsOf(text, limits);
  if (exceedsComplexity(combinations, limits.wildcardComplexity)) {
    throw new InvalidEventPattern(
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    );
  }
  return { combinations, fields: fieldTree(combinations.flat().map((condition) => condition.path)) };
}

function combinationsOf(text: string, limits: PatternLimits): readonly Combination[] {
  const root = rootOf(text);
  try {
    return readCombinations(root, text, limits, "operator");
  } catch (error) {
    try {
      return readCombinations(root, text, limits, "name");
    } catch {
      // What the first reading says is about the pattern as most people mean it.
      throw error;
    }
  }
}

function rootOf(text: string): WrittenObject {
  try {
    const root = readWrittenJson(text, MAX_DEPTH);
    if (root.kind === "object") {
      return root;
    }
  } catch (error) {
    if (error instanceof JsonTextError) {
      throw new InvalidEventPattern(error.message, placeInPattern(text, error.at), { cause: error });
    }
    throw error;
  }
  throw new InvalidEventPattern("Filter is not an object", placeInPattern(text, 0));
}
