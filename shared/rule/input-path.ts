import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";

const PATH = /^\$(?:\.[\w-]+|\[\d+\]|\['[^']+'\])*$/;
const STEP = /\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]/g;

/** Whether a text is a JSON path of the simple form that targets take: `$.detail.items[0]`. */
export function isInputPath(path: string): boolean {
  return PATH.test(path);
}

/** The part of an event that a path names; null where there is none. */
export function partAt(path: string, event: JsonObject): JsonValue {
  let part: JsonValue | undefined = event;
  for (const [, name, index, quoted] of path.matchAll(STEP)) {
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
