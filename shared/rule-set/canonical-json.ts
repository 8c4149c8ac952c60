import { JsonTextError, readWrittenJson, type WrittenValue } from "../pattern/written-json.ts";

/** Containers within each other that are still compared as values. */
const MAX_DEPTH = 500;

/**
 * A JSON text with nothing in it that does not count: no white space, members by name, of a repeated name the last. Numbers stay as
 * they were written, since event patterns tell `1` from `1.0`. A text that is no JSON stays as it is.
 */
export function canonicalJson(text: string): string {
  try {
    return canonical(readWrittenJson(text, MAX_DEPTH));
  } catch (error) {
    if (error instanceof JsonTextError) {
      return text;
    }
    throw error;
  }
}

function canonical(value: WrittenValue): string {
  switch (value.kind) {
    case "object": {
      const members = new Map(value.members.map(({ name, value: member }) => [name, canonical(member)]));
      const sorted = [...members].sort(([one], [other]) => (one < other ? -1 : 1));
      return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${member}`).join(",")}}`;
    }
    case "array":
      return `[${value.elements.map(canonical).join(",")}]`;
    case "string":
      return JSON.stringify(value.text);
    default:
      return value.text;
  }
}
