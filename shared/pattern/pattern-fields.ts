import { InvalidEventPattern, placeInPattern } from "./invalid-event-pattern.ts";
import type { PatternLimits } from "./limits.ts";
import { parseMatchExpression } from "./match-expression.ts";
import type { Refuse } from "./operand.ts";
import { isReservedInOr, OR } from "./or-keyword.ts";
import type { Combination, FieldCondition } from "./pattern.ts";
import type { WrittenArray, WrittenObject, WrittenValue } from "./written-json.ts";

/** The combinations read so far, each its conditions by path. They grow as the pattern is read. */
type Branches = Map<string, FieldCondition>[];

interface Reading {
  readonly text: string;
  readonly limits: PatternLimits;
  readonly or: "operator" | "name";
}

/**
 * Reads the fields of a pattern, `$or` multiplied out, the conditions in the order of their paths.
 *
 * @param text the pattern's text, to name places in it
 * @param or whether `$or` is the operator or a field's name
 * @throws InvalidEventPattern
 */
export function readCombinations(
  root: WrittenObject,
  text: string,
  limits: PatternLimits,
  or: "operator" | "name",
): readonly Combination[] {
  const branches: Branches = [];
  readObject({ text, limits, or }, branches, root, [], false);
  return branches.map((branch) =>
    [...branch.values()].sort((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path))),
  );
}

function readObject(
  reading: Reading,
  branches: Branches,
  object: WrittenObject,
  path: readonly string[],
  insideOr: boolean,
): void {
  if (object.members.length === 0) {
    refuseIn(reading, path)("Empty objects are not allowed", object);
  }
  for (const { name, value } of object.members) {
    const fieldPath = [...path, name];
    const refuse = refuseIn(reading, fieldPath);
    if (name === OR && reading.or === "operator") {
      readOr(reading, branches, value, path);
    } else if (insideOr && isReservedInOr(name)) {
      refuse(`${name} is a reserved name which cannot be used inside ${OR}.`, value);
    } else if (value.kind === "object") {
      readObject(reading, branches, value, fieldPath, insideOr);
    } else if (value.kind === "array") {
      addCondition(branches, condition(fieldPath.join("."), value, refuse));
    } else {
      refuse(`"${name}" must be an object or an array`, value);
    }
  }
}

/** Multiplies the branches by the alternatives. What follows the `$or` applies to all of them. */
function readOr(reading: Reading, branches: Branches, value: WrittenValue, path: readonly string[]): void {
  const refuse: Refuse = refuseIn(reading, [...path, OR]);
  if (value.kind !== "array") {
    refuse(`It must be an Array followed with ${OR}.`, value);
  }
  if (value.elements.length < 2) {
    refuse(`There must have at least 2 Objects in ${OR} relationship.`, value);
  }
  const before = branches.splice(0);
  for (const element of value.elements) {
    if (element.kind !== "object") {
      refuse(`Only JSON object is allowed in array of ${OR} relationship.`, element);
    }
    const forked: Branches = before.map((branch) => new Map(branch));
    readObject(reading, forked, element, path, true);
    branches.push(...forked);
    if (branches.length > reading.limits.combinations) {
      refuse(`${OR} makes more than ${reading.limits.combinations} combinations`, value);
    }
  }
}

function condition(path: string, value: WrittenArray, refuse: Refuse): FieldCondition {
  if (value.elements.length === 0) {
    return refuse("Empty arrays are not allowed", value);
  }
  const expressions = value.elements.map((element) => parseMatchExpression(element, refuse));
  const tests = expressions.filter((expression) => expression !== "absent");
  return {
    path,
    strings: new Set(tests.filter((test) => test.kind === "string").map((test) => test.text)),
    tests: tests.filter((test) => test.kind !== "string"),
    orAbsent: expressions.includes("absent"),
  };
}

function addCondition(branches: Branches, added: FieldCondition): void {
  if (branches.length === 0) {
    branches.push(new Map());
  }
  for (const branch of branches) {
    branch.set(added.path, added);
  }
}

function refuseIn({ text }: Reading, path: readonly string[]): Refuse {
  return (reason, about) => {
    throw new InvalidEventPattern(reason, placeInPattern(text, about.at, path));
  };
}
