import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";
import type { PatternCursor } from "./pattern-cursor.ts";

/** Gives a property of a message, undefined where there is none. */
export type Selector = (event: JsonObject) => JsonValue | undefined;

const SELECTOR = /\$(?:\.[\w-]+|\.?\[(?:\d+|'[^']*'|"[^"]*")\])+/y;
const STEP = /\.([\w-]+)|\[(?:(\d+)|'([^']*)'|"([^"]*)")\]/g;

/**
 * Reads a property selector: `$.userIdentity.type`, `$.resources[0].ARN`, `$.['a.b']`.
 * @throws InvalidFilterPattern
 */
export function readSelector(cursor: PatternCursor): Selector {
  const text = cursor.takeMatch(SELECTOR) ?? cursor.fail("A selector such as $.eventName");
  const steps = [...text.matchAll(STEP)].map(([, name, index, ...quoted]) =>
    index === undefined ? (name ?? quoted[0] ?? quoted[1] ?? "") : Number(index),
  );
  return (event) => {
    let value: JsonValue | undefined = event;
    for (const step of steps) {
      value = typeof step === "number" ? elementOf(value, step) : memberOf(value, step);
    }
    return value;
  };
}

function memberOf(value: JsonValue | undefined, name: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function elementOf(value: JsonValue | undefined, index: number): JsonValue | undefined {
  return Array.isArray(value) ? (value as readonly JsonValue[])[index] : undefined;
}
