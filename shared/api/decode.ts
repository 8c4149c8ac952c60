import type { AwsError } from "../error/aws-error.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";
import { commonError } from "./errors.ts";
import type { ServiceModel, ShapeModel } from "./service-model.ts";

/**
 * Reads a JSON value as a shape of the model. Members that the shape does not have are ignored and null ones are
 * taken as absent, as AWS JSON services do; what comes back holds modelled members alone, so it is never deeper
 * than the model and never has a `__proto__` member of the sender's.
 *
 * @throws AwsError SerializationException where a value has another type than its shape
 */
export function decodeShape(model: ServiceModel, shapeName: string, value: JsonValue): JsonValue {
  const shape = shapeOf(model, shapeName);
  switch (shape.type) {
    case "structure":
      return decodeStructure(model, shape, value);
    case "list":
      return decodeList(model, shape, value);
    case "map":
      return decodeMap(model, shape, value);
    case "string":
    case "blob":
      if (typeof value !== "string") throw wrongType(value, "String");
      return value;
    case "boolean":
      if (typeof value !== "boolean") throw wrongType(value, "Boolean");
      return value;
    case "integer":
      return decodeInteger(value, "Integer", 2 ** 31);
    case "long":
      return decodeInteger(value, "Long", 2 ** 63);
    default:
      // float, double and timestamp (seconds since the epoch)
      if (typeof value !== "number" || !Number.isFinite(value)) throw wrongType(value, "Double");
      return value;
  }
}

/** A shape by its name, which is one that the model itself uses. */
export function shapeOf(model: ServiceModel, name: string): ShapeModel {
  const shape = model.shapes[name];
  if (!shape) throw new Error(`The service model has no shape ${name}`);
  return shape;
}

function decodeStructure(model: ServiceModel, shape: ShapeModel, value: JsonValue): JsonObject {
  if (!isJsonObject(value)) throw unexpected(value);
  const decoded: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const given = Object.hasOwn(value, name) ? value[name] : undefined;
    if (given !== undefined && given !== null) decoded[name] = decodeShape(model, member.shape, given);
  }
  return decoded;
}

function decodeList(model: ServiceModel, shape: ShapeModel, value: JsonValue): readonly JsonValue[] {
  if (!Array.isArray(value)) throw unexpected(value);
  const element = shape.member?.shape ?? "";
  // A null element stays: it is the validator that refuses it.
  return value.map((each: JsonValue) => (each === null ? null : decodeShape(model, element, each)));
}

function decodeMap(model: ServiceModel, shape: ShapeModel, value: JsonValue): JsonObject {
  if (!isJsonObject(value)) throw unexpected(value);
  const element = shape.value?.shape ?? "";
  const entries = Object.entries(value).flatMap(([key, each]) =>
    each === null || each === undefined ? [] : [[key, decodeShape(model, element, each)] as const],
  );
  // Defines each key, `__proto__` too, as an own property.
  return Object.fromEntries(entries);
}

function decodeInteger(value: JsonValue, type: string, bound: number): number {
  if (typeof value !== "number" || !(value >= -bound && value < bound)) throw wrongType(value, type);
  return Math.trunc(value);
}

function wrongType(value: JsonValue, type: string): AwsError {
  if (typeof value === "object") return unexpected(value);
  const found =
    typeof value === "boolean" ? `${value}`.toUpperCase() : typeof value === "number" ? "NUMBER" : "STRING";
  return commonError("SerializationException", `${found}_VALUE can not be converted to ${type}`);
}

function unexpected(value: JsonValue): AwsError {
  if (Array.isArray(value)) {
    return commonError("SerializationException", "Start of list found where not expected");
  }
  return commonError(
    "SerializationException",
    isJsonObject(value)
      ? "Start of structure or map found where not expected."
      : "Unexpected token received from parser",
  );
}
