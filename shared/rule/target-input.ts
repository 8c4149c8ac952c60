import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";
import type { RuleTarget } from "./rule.ts";

const PATH = /^\$(?:\.[\w-]+|\[\d+\]|\['[^']+'\])*$/;
const STEP = /\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g;

/** Whether a text is a JSON path of the simple form that targets take: `$.detail.items[0]`. */
export function isInputPath(path: string): boolean {
  return PATH.test(path);
}

/**
 * What a target gets of an event: its constant input, the part that its input path names (null where there is none), or the
 * event. https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_Target.html
 */
export function targetInput({ input, inputPath }: RuleTarget, event: JsonObject): JsonValue {
  if (input !== undefined) {
    return JSON.parse(input) as JsonValue;
  }
  let part: JsonValue | undefined = event;
  for (const [, name, index, quoted] of (inputPath ?? "$").matchAll(STEP)) {
    part = index === undefined ? memberOf(part, name ?? quoted ?? "") : elementOf(part, Number(index));
  }
  return part ?? null;
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function elementOf(value: JsonValue | undefined, index: number): JsonValue | undefined {
  return Array.isArray(value) ? (value as readonly JsonValue[])[index] : undefined;
}
