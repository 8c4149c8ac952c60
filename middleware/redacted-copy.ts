import type { JsonValue } from "../shared/event/json.ts";
import type { ValuePath } from "./redaction-paths.ts";

/** What stands in place of a value that is not recorded. CloudTrail's own mask. */
export const HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

/** Which values are hidden: by the name of their member, and by their path. */
export interface Redaction {
  readonly hidesName: (name: string) => boolean;
  readonly hidesPath: (path: ValuePath) => boolean;
}

/** Levels of objects and lists that are copied; what is deeper is left out. */
export const DEEPEST = 32;
/** Values that are copied; what comes after them is left out. */
export const MOST_VALUES = 10_000;
/** Characters of one text that are copied: more than any member of an event may have. */
export const LONGEST_TEXT = 100 * 1024;
/** Characters of a text that is read as JSON; a longer one that looks like JSON is left out whole. */
export const LONGEST_JSON_TEXT = 256 * 1024;

/**
 * A copy of any value as JSON, without secrets. It never throws and never changes the value; circles, big integers,
 * buffers, maps, errors and members that cannot be read have a form of their own. Texts that are JSON are redacted
 * inside too. A list of name and value (`{"name":"password","value":"…"}`) is redacted like a member of that name.
 * @param path where the value will stand in the event
 */
export function redactedCopy(value: unknown, redaction: Redaction, path: ValuePath): JsonValue | undefined {
  return new Copy(redaction).of(value, path, []);
}

class Copy {
  readonly #redaction: Redaction;
  #values = 0;

  constructor(redaction: Redaction) {
    this.#redaction = redaction;
  }

  of(value: unknown, path: ValuePath, ancestors: readonly object[]): JsonValue | undefined {
    if (this.#redaction.hidesPath(path)) return HIDDEN;
    this.#values += 1;
    if (this.#values > MOST_VALUES) return "[Left out]";
    switch (typeof value) {
      case "string":
        return this.#text(value, path, ancestors);
      case "boolean":
        return value;
      case "number":
        return Number.isFinite(value) ? value : null;
      case "bigint":
        return value.toString();
      case "object":
        return value === null ? null : this.#object(value, path, ancestors);
      default:
        return undefined;
    }
  }

  #text(text: string, path: ValuePath, ancestors: readonly object[]): string {
    if (/^\s*[[{"]/.test(text)) {
      if (text.length > LONGEST_JSON_TEXT) return `[${text.length} characters]`;
      const copy = this.of(parsedText(text), path, [...ancestors, NESTED]);
      // Always written anew: the text may have members that parsing does not show, being there twice.
      if (copy !== undefined) return cut(JSON.stringify(copy));
    }
    return cut(text);
  }

  #object(value: object, path: ValuePath, ancestors: readonly object[]): JsonValue | undefined {
    if (ancestors.includes(value)) return "[Circular]";
    if (ancestors.length >= DEEPEST) return "[Left out]";
    const inside = [...ancestors, value];
    try {
      const size = bytesOf(value);
      if (size !== undefined) return `[${size} bytes]`;
      if (Array.isArray(value) || value instanceof Set) return this.#list(value, path, inside);
      if (value instanceof Map) return this.#members([...value].map(named), path, inside);
      if (value instanceof Error)
        return { name: value.name, message: this.#text(value.message, path, inside) };
      const { toJSON } = value as { readonly toJSON?: unknown };
      if (typeof toJSON === "function") return this.of(toJSON.call(value, ""), path, inside);
      return this.#members(Object.entries(value), path, inside);
    } catch {
      return "[Unreadable]";
    }
  }

  #list(list: Iterable<unknown>, path: ValuePath, ancestors: readonly object[]): JsonValue {
    const copies: JsonValue[] = [];
    for (const element of list) {
      if (this.#values >= MOST_VALUES) break;
      copies.push(this.of(element, path, ancestors) ?? null);
    }
    return copies;
  }

  #members(
    members: readonly (readonly [string, unknown])[],
    path: ValuePath,
    ancestors: readonly object[],
  ): JsonValue {
    const hidesValue = members.some(
      ([name, value]) =>
        /^(?:name|key)$/i.test(name) && typeof value === "string" && this.#redaction.hidesName(value),
    );
    const copies: [string, JsonValue][] = [];
    for (const [name, value] of members) {
      if (this.#values >= MOST_VALUES) break;
      const hidden = this.#redaction.hidesName(name) || (hidesValue && /^values?$/i.test(name));
      const copy = hidden ? HIDDEN : this.of(value, [...path, name], ancestors);
      if (copy !== undefined) copies.push([name, copy]);
    }
    // Not by assignment: a member named __proto__ is data like any other.
    return Object.fromEntries(copies);
  }
}

/** Counts as a level: texts of JSON in texts of JSON end as objects in objects do. */
const NESTED: object = {};

function parsedText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function cut(text: string): string {
  return text.slice(0, LONGEST_TEXT);
}

function bytesOf(value: object): number | undefined {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value) ? value.byteLength : undefined;
}

function named([key, value]: readonly [unknown, unknown]): readonly [string, unknown] {
  return [typeof key === "string" ? key : String(key), value];
}
