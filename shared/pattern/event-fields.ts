import { isJsonObject, type JsonObject, type JsonValue } from "../event/json.ts";
import type { ArrayElement } from "./array-element.ts";
import { comparableNumber } from "./comparable-number.ts";
import { type FieldTree, subtree } from "./field-tree.ts";
import type { EventScalar } from "./value-test.ts";
import { JsonTextError, readWrittenJson, type WrittenObject, type WrittenValue } from "./written-json.ts";

/** A scalar of a field. A field has several where arrays or repeated names lie on its path. */
export interface FieldValue extends EventScalar {
  /** The innermost array element that it stands in. A scalar that is itself an element has the array's own. */
  readonly element: ArrayElement | undefined;
}

/** The values of the fields that were asked for, by path. */
export type EventFields = ReadonlyMap<string, readonly FieldValue[]>;

/** A text is not the JSON object that an event is. */
export class InvalidEvent extends Error {
  override readonly name = "InvalidEvent";
}

/** Reads an event's text, repeated names and spellings of numbers kept. @throws InvalidEvent */
export function readEvent(text: string): WrittenObject {
  try {
    const root = readWrittenJson(text);
    if (root.kind === "object") {
      return root;
    }
  } catch (cause) {
    if (cause instanceof JsonTextError) {
      throw new InvalidEvent(`The event is not valid JSON: ${cause.message} (character ${cause.at + 1})`, {
        cause,
      });
    }
    throw cause;
  }
  throw new InvalidEvent("The event is not a JSON object");
}

/** Takes the wanted fields out of an event that was read from its text. */
export function fieldsOfWritten(event: WrittenObject, wanted: FieldTree): EventFields {
  return collect<WrittenValue>(event, wanted, {
    scalar: (value) =>
      value.kind === "object" || value.kind === "array"
        ? undefined
        : { ...value, number: value.kind === "number" ? comparableNumber(value.text) : undefined },
    elements: (value) => (value.kind === "array" ? value.elements : undefined),
    members: (value) => (value.kind === "object" ? value.members : []),
  });
}

/** Takes the wanted fields out of a parsed event. Its numbers are doubles, so all can be compared. */
export function fieldsOfParsed(event: JsonObject, wanted: FieldTree): EventFields {
  return collect<JsonValue>(event, wanted, {
    scalar: parsedScalar,
    elements: (value) => (Array.isArray(value) ? value : undefined),
    members: (value) =>
      isJsonObject(value) ? Object.keys(value).map((name) => ({ name, value: value[name] ?? null })) : [],
  });
}

/** How to see one form of JSON. */
interface JsonForm<Value> {
  /** Undefined for an object and an array. */
  scalar(value: Value): EventScalar | undefined;
  /** Undefined for all but an array. */
  elements(value: Value): readonly Value[] | undefined;
  /** Of an object; nothing for anything else. */
  members(value: Value): readonly { readonly name: string; readonly value: Value }[];
}

/** Visits what the tree leads to, with a list of its own instead of the stack: events may be nested deeply. */
function collect<Value>(event: Value, wanted: FieldTree, form: JsonForm<Value>): EventFields {
  const fields = new Map<string, FieldValue[]>();
  const pending: { value: Value; tree: FieldTree; element: ArrayElement | undefined }[] = [];
  let arrays = 0;
  let elementIds = 0;
  const visit = (value: Value, tree: FieldTree, around: ArrayElement | undefined, element = around) => {
    const scalar = form.scalar(value);
    if (scalar === undefined) {
      pending.push({ value, tree, element });
    } else if (tree.path !== undefined) {
      const { kind, text, number } = scalar;
      const values = fields.get(tree.path) ?? [];
      values.push({ kind, text, number, element: around });
      fields.set(tree.path, values);
    }
  };
  visit(event, wanted, undefined);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { tree, element } = next;
    const elements = form.elements(next.value);
    if (elements !== undefined) {
      const array = arrays++;
      for (const value of elements) {
        visit(value, tree, element, { id: elementIds++, array, around: element });
      }
      continue;
    }
    for (const { name, value } of form.members(next.value)) {
      const part = subtree(tree, name);
      if (part !== undefined) {
        visit(value, part, element);
      }
    }
  }
  return fields;
}

function parsedScalar(value: JsonValue): EventScalar | undefined {
  switch (typeof value) {
    case "string":
      return { kind: "string", text: value, number: undefined };
    case "number":
      return { kind: "number", text: String(value), number: Number.isFinite(value) ? value : undefined };
    case "boolean":
      return { kind: "literal", text: String(value), number: undefined };
    default:
      return value === null ? { kind: "literal", text: "null", number: undefined } : undefined;
  }
}
