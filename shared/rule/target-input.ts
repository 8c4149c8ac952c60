import type { JsonObject, JsonValue } from "../event/json.ts";
import { partAt } from "./input-path.ts";
import { transformInput } from "./input-transformer.ts";
import type { RuleTarget } from "./rule.ts";

/**
 * What a target gets of an event: its constant input, the part that its input path names (null where there is none), what
 * its transformer makes of it, or the event. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
 * @param ruleName of the rule that the target is one of
 */
export function targetInput(target: RuleTarget, event: JsonObject, ruleName: string): JsonValue {
  const { input, inputPath = "$", inputTransformer } = target;
  if (input !== undefined) {
    return JSON.parse(input) as JsonValue;
  }
  return inputTransformer === undefined
    ? partAt(inputPath, event)
    : transformInput(inputTransformer, event, ruleName);
}
