import type { JsonObject, JsonValue } from "../event/json.ts";
import { shapeOf } from "./decode.ts";
import type { ServiceModel, ShapeModel } from "./service-model.ts";

/** A constraint of the model that a value breaks. */
export interface Violation {
  /** The member of the request that the value is in. */
  readonly member: string;
  /** Whether the value is none of an enum's. */
  readonly isEnum: boolean;
  /** AWS's sentence: `Value '…' at '…' failed to satisfy constraint: …`. */
  readonly text: string;
}

/** More violations than this are not collected: one call must not make an answer of megabytes. */
const MOST_VIOLATIONS = 20;
const OF_ENUM = "Member must satisfy enum value set";
/** Longer values are cut in messages. */
const LONGEST_VALUE = 1024;

/**
 * Checks a decoded structure against the model's constraints: required members, lengths, ranges, patterns, enums.
 * @param value what `decodeShape` gave for the same shape
 * @return the violations in the order of the model's members, at most 20
 */
export function violationsOf(
  model: ServiceModel,
  shapeName: string,
  value: JsonObject,
): readonly Violation[] {
  const violations: Violation[] = [];

  function visit(name: string, given: JsonValue, path: readonly string[]): void {
    if (violations.length >= MOST_VIOLATIONS) return;
    const shape = shapeOf(model, name);
    for (const constraint of brokenConstraints(shape, given)) add(given, path, constraint);
    if (shape.type === "structure") visitStructure(shape, given as JsonObject, path);
    if (shape.type === "list") visitList(shape, given as readonly JsonValue[], path);
    if (shape.type === "map") visitMap(shape, given as JsonObject, path);
  }

  function visitStructure(shape: ShapeModel, given: JsonObject, path: readonly string[]): void {
    for (const [name, member] of Object.entries(shape.members ?? {})) {
      const part = given[name];
      if (part !== undefined) visit(member.shape, part, [...path, name]);
      else if (shape.required?.includes(name)) add(null, [...path, name], "Member must not be null");
    }
  }

  function visitList(shape: ShapeModel, given: readonly JsonValue[], path: readonly string[]): void {
    for (const [index, each] of given.entries()) {
      if (violations.length >= MOST_VIOLATIONS) return;
      const at = [...path, `${index + 1}`, "member"];
      if (each === null) add(null, at, "Member must not be null");
      else visit(shape.member?.shape ?? "", each, at);
    }
  }

  function visitMap(shape: ShapeModel, given: JsonObject, path: readonly string[]): void {
    for (const [key, each] of Object.entries(given)) {
      visit(shape.key?.shape ?? "", key, [...path, "key"]);
      if (each !== undefined) visit(shape.value?.shape ?? "", each, [...path, key, "member"]);
    }
  }

  function add(given: JsonValue, path: readonly string[], constraint: string): void {
    const text = `Value ${shown(given)} at '${path.map(lowerFirst).join(".")}' failed to satisfy constraint: ${constraint}`;
    violations.push({ member: path[0] ?? "", isEnum: constraint.startsWith(OF_ENUM), text });
  }

  visit(shapeName, value, []);
  return violations;
}

/** The message of a `ValidationException` for the violations, as AWS words it. */
export function validationMessage(violations: readonly Violation[]): string {
  const count = violations.length === 1 ? "1 validation error" : `${violations.length} validation errors`;
  return `${count} detected: ${violations.map(({ text }) => text).join("; ")}`;
}

function brokenConstraints(shape: ShapeModel, value: JsonValue): readonly string[] {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = shape;
  const measure = typeof value === "number" ? "value" : "length";
  const size = sizeOf(value);
  return [
    size < min && `Member must have ${measure} greater than or equal to ${min}`,
    size > max && `Member must have ${measure} less than or equal to ${max}`,
    typeof value === "string" &&
      shape.pattern !== undefined &&
      !compiled(shape.pattern).test(value) &&
      `Member must satisfy regular expression pattern: ${shape.pattern}`,
    typeof value === "string" &&
      shape.enum !== undefined &&
      !shape.enum.includes(value) &&
      `${OF_ENUM}: [${shape.enum.join(", ")}]`,
  ].filter((constraint) => constraint !== false);
}

function sizeOf(value: JsonValue): number {
  if (typeof value === "number") return value;
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : 0;
}

const patterns = new Map<string, RegExp>();

/** The model's patterns are Java's: they match whole values, know supplementary characters, write dot-all as `(?s)`. */
function compiled(pattern: string): RegExp {
  let regExp = patterns.get(pattern);
  if (!regExp) {
    const dotAll = pattern.startsWith("(?s)");
    regExp = new RegExp(`^(?:${dotAll ? pattern.slice(4) : pattern})$`, dotAll ? "su" : "u");
    patterns.set(pattern, regExp);
  }
  return regExp;
}

function shown(value: JsonValue): string {
  if (value === null) return "null";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return `'${text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}...` : text}'`;
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}
