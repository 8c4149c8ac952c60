import { isJsonObject, type JsonObject, type JsonValue } from "../../../shared/event/json.ts";

/** A scalar of an event, the path to it, and the element of each array around it. */
interface Leaf {
  readonly path: string;
  readonly value: JsonValue;
  readonly elements: ReadonlyMap<string, number>;
}

type Conditions = ReadonlyMap<string, readonly JsonValue[]>;

/**
 * Matches an event the slow and plain way: every combination that `$or` makes, with every choice of a value
 * for every field. It takes valid patterns only.
 */
export function referenceMatch(pattern: JsonObject, event: JsonObject): boolean {
  const leaves = leavesOf(event, "", "$", new Map());
  return expand([new Map()], pattern, "").some((conditions) => {
    const paths = [...conditions.keys()].sort();
    return choose(paths, conditions, leaves, new Map());
  });
}

function expand(before: readonly Conditions[], pattern: JsonObject, prefix: string): readonly Conditions[] {
  return Object.entries(pattern).reduce((all, [name, value = null]) => {
    if (name === "$or") {
      return (value as readonly JsonObject[]).flatMap((alternative) => expand(all, alternative, prefix));
    }
    return isJsonObject(value)
      ? expand(all, value, `${prefix}${name}.`)
      : all.map((one) => new Map([...one, [`${prefix}${name}`, value as readonly JsonValue[]]]));
  }, before);
}

function leavesOf(value: JsonValue, path: string, at: string, elements: ReadonlyMap<string, number>): Leaf[] {
  if (Array.isArray(value)) {
    return value.flatMap((element: JsonValue, index) =>
      typeof element === "object" && element !== null
        ? leavesOf(element, path, `${at}[${index}]`, new Map([...elements, [at, index]]))
        : [{ path, value: element, elements }],
    );
  }
  if (isJsonObject(value)) {
    return Object.entries(value).flatMap(([name, member = null]) =>
      leavesOf(member, at === "$" ? name : `${path}.${name}`, `${at}/${name}`, elements),
    );
  }
  return [{ path, value, elements }];
}

function choose(
  paths: readonly string[],
  conditions: Conditions,
  leaves: readonly Leaf[],
  chosen: ReadonlyMap<string, number>,
): boolean {
  const [path, ...others] = paths;
  if (path === undefined) {
    return true;
  }
  const expressions = conditions.get(path) ?? [];
  const agreeing = leaves.filter(
    (leaf) =>
      leaf.path === path &&
      [...leaf.elements].every(([array, index]) => (chosen.get(array) ?? index) === index),
  );
  const absent = expressions.some((one) => isJsonObject(one) && one.exists === false);
  return (
    (absent && agreeing.length === 0 && choose(others, conditions, leaves, chosen)) ||
    agreeing.some(
      (leaf) =>
        expressions.some((one) => accepts(one, leaf.value)) &&
        choose(others, conditions, leaves, new Map([...chosen, ...leaf.elements])),
    )
  );
}

function accepts(expression: JsonValue, value: JsonValue): boolean {
  if (!isJsonObject(expression)) {
    return expression === value;
  }
  const [operator = "", operand = null] = Object.entries(expression)[0] ?? [];
  switch (operator) {
    case "exists":
      return operand === true;
    case "anything-but":
      return isJsonObject(operand)
        ? Object.entries(operand).every(([inner, texts = null]) =>
            [texts].flat().every((text) => !accepts({ [inner]: text as JsonValue }, value)),
          )
        : [operand].flat().every((one) => one !== value);
    case "numeric": {
      const [first, low, second, high] = operand as readonly [string, number, string?, number?];
      return (
        typeof value === "number" &&
        compares(value, first, low) &&
        (second === undefined || compares(value, second, high ?? 0))
      );
    }
    default:
      return typeof value === "string" && textPattern(operator, operand).test(value);
  }
}

function compares(value: number, operator: string, bound: number): boolean {
  return (
    (operator.includes("=") && value === bound) ||
    (operator.includes("<") && value < bound) ||
    (operator.includes(">") && value > bound)
  );
}

function textPattern(operator: string, operand: JsonValue): RegExp {
  if (isJsonObject(operand)) {
    const { source } = textPattern(operator, operand["equals-ignore-case"] ?? "");
    return new RegExp(source, "i");
  }
  const literal = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  const text = String(operand);
  switch (operator) {
    case "prefix":
      return new RegExp(`^${literal(text)}`);
    case "suffix":
      return new RegExp(`${literal(text)}$`);
    case "equals-ignore-case":
      return new RegExp(`^${literal(text)}$`, "i");
    case "wildcard":
      return new RegExp(`^${text.split("*").map(literal).join(".*")}$`);
    default:
      throw new Error(`The reference does not know ${operator}`);
  }
}
