import { shapeOf } from "../shared/api/decode.ts";
import type { ServiceModel, ShapeModel } from "../shared/api/service-model.ts";
import { AwsError } from "../shared/error/aws-error.ts";
import type { JsonObject, JsonValue } from "../shared/event/json.ts";

/** A form's fields as a tree: `Tags.member.1.Key=a` is below `Tags`, `member`, `1`, `Key`. */
interface FieldNode {
  text?: string;
  readonly children: Map<string, FieldNode>;
}

const DEEPEST_FIELD = 8;

/**
 * The input of an operation in the form of a request of the AWS Query protocol. Fields that the shape does not have are
 * ignored.
 * https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
 * @throws AwsError MalformedQueryString
 */
export function readQueryInput(model: ServiceModel, shapeName: string, form: URLSearchParams): JsonObject {
  const shape = shapeOf(model, shapeName);
  return (decode(model, shape, fieldTree(form)) ?? {}) as JsonObject;
}

function fieldTree(form: URLSearchParams): FieldNode {
  const root: FieldNode = { children: new Map() };
  for (const [name, text] of form) {
    const steps = name.split(".");
    if (steps.length > DEEPEST_FIELD) throw malformed(`The field ${name.slice(0, 100)} is too deep.`);
    let node = root;
    for (const step of steps) {
      const child = node.children.get(step) ?? { children: new Map() };
      node.children.set(step, child);
      node = child;
    }
    node.text = text;
  }
  return root;
}

function decode(model: ServiceModel, shape: ShapeModel, node: FieldNode): JsonValue | undefined {
  switch (shape.type) {
    case "structure":
      return structure(model, shape, node);
    case "list":
      return entries(node, "member").flatMap(
        (entry) => decode(model, shapeOf(model, shape.member?.shape ?? ""), entry) ?? [],
      );
    case "map":
      return Object.fromEntries(
        entries(node, "entry").flatMap((entry) => {
          // Most maps' entries have a key and a value; those of message attributes have a Name and a Value.
          const key = (entry.children.get("key") ?? entry.children.get("Name"))?.text;
          const value = entry.children.get("value") ?? entry.children.get("Value");
          const decoded = value && decode(model, shapeOf(model, shape.value?.shape ?? ""), value);
          return key === undefined || decoded === undefined ? [] : [[key, decoded] as const];
        }),
      );
    case "boolean":
      return node.text === undefined ? undefined : truthOf(node.text);
    default:
      return node.text;
  }
}

function structure(model: ServiceModel, shape: ShapeModel, node: FieldNode): JsonObject {
  const decoded: Record<string, JsonValue> = {};
  for (const [name, member] of Object.entries(shape.members ?? {})) {
    const child = node.children.get(name);
    const value = child && decode(model, shapeOf(model, member.shape), child);
    if (value !== undefined) decoded[name] = value;
  }
  return decoded;
}

/** The nodes that are numbered from 1 on below a name. */
function entries(node: FieldNode, name: string): readonly FieldNode[] {
  const numbered = node.children.get(name)?.children ?? new Map<string, FieldNode>();
  return [...numbered]
    .filter(([number]) => /^\d{1,9}$/.test(number))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, entry]) => entry);
}

function truthOf(text: string): boolean {
  if (text !== "true" && text !== "false") throw malformed(`${text.slice(0, 100)} is not a boolean.`);
  return text === "true";
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedQueryString", message);
}
