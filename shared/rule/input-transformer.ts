import type { JsonObject, JsonValue } from "../event/json.ts";
import { partAt } from "./input-path.ts";

/** Makes a target's input from parts of the event. */
export interface InputTransformer {
  /** JSON paths by the name that the template calls them. */
  readonly paths: Readonly<Record<string, string>>;
  /** JSON text with `<name>` in it, in strings and in place of values. */
  readonly template: string;
}

/** A template is no JSON, or names what no path is given for. */
export class InvalidInputTemplate extends Error {
  override readonly name = "InvalidInputTemplate";
}

/** What templates may name without a path. */
const PREDEFINED: Readonly<Record<string, (event: JsonObject, ruleName: string) => JsonValue>> = {
  "aws.events.rule-name": (_event, ruleName) => ruleName,
  "aws.events.event": (event) => withoutDetail(event),
  "aws.events.event.json": (event) => event,
  "aws.events.event.ingestion-time": (event) => event.time ?? null,
};

/** A string, or a placeholder outside of strings. */
const PIECE = /"(?:[^"\\]|\\.)*"|<([\w.-]+)>/gs;
const PLACEHOLDER = /<([\w.-]+)>/g;

/**
 * What a template makes of an event. In a string a placeholder becomes text; outside of one it becomes a JSON value, null
 * where the event has no such part.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
export function transformInput(
  { paths, template }: InputTransformer,
  event: JsonObject,
  ruleName: string,
): JsonValue {
  return fill(template, (name) => {
    const path = Object.hasOwn(paths, name) ? paths[name] : undefined;
    return path === undefined ? (PREDEFINED[name]?.(event, ruleName) ?? null) : partAt(path, event);
  });
}

/** @throws InvalidInputTemplate */
export function checkInputTransformer({ paths, template }: InputTransformer): void {
  try {
    fill(template, (name) => {
      if (!Object.hasOwn(paths, name) && !Object.hasOwn(PREDEFINED, name)) {
        throw new InvalidInputTemplate(`InputTemplate names <${name}>, which InputPathsMap does not have.`);
      }
      return null;
    });
  } catch (error) {
    throw error instanceof InvalidInputTemplate
      ? error
      : new InvalidInputTemplate("InputTemplate is not valid JSON.", { cause: error });
  }
}

/** @throws SyntaxError */
function fill(template: string, valueNamed: (name: string) => JsonValue): JsonValue {
  const filled = template.replace(PIECE, (piece, name: string | undefined) =>
    name === undefined
      ? piece.replace(PLACEHOLDER, (_, inString: string) => inQuotes(valueNamed(inString)))
      : JSON.stringify(valueNamed(name)),
  );
  return JSON.parse(filled) as JsonValue;
}

/** A value as text within a JSON string; nothing for what is not there. */
function inQuotes(value: JsonValue): string {
  const text = typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
  return JSON.stringify(text).slice(1, -1);
}

function withoutDetail({ detail: _, ...rest }: JsonObject): JsonObject {
  return rest;
}
