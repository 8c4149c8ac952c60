/** A value that JSON text can hold, as `JSON.parse` gives it. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object, as `JSON.parse` gives it: `__proto__` is an own property like any other. */
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/** Tells a JSON object from every other JSON value. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
