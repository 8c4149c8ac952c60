import { isScalar, parseDocument, visit } from "yaml";
import type { JsonValue } from "../event/json.ts";
import { InvalidRulesFile } from "./invalid-rules-file.ts";

/**
 * Reads a text as one YAML 1.2 document, which every JSON text is too, to what JSON can hold. Refused is what would quietly
 * become something else: repeated keys, tags, and numbers that JSON writes otherwise (`012345678901` loses its zero,
 * `1.0` its fraction).
 * @param file what people are told of the text's origin
 * @throws InvalidRulesFile
 */
export function readRulesDocument(file: string, text: string): JsonValue {
  const document = parseDocument(text, { prettyErrors: false });
  const place = (offset: number): string => placeIn(text, offset);
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) {
    const help =
      problem.code === "TAG_RESOLVE_FAILED"
        ? ". Tags are not resolved here; AWS::Region and its like are filled in in ARNs without one"
        : "";
    throw new InvalidRulesFile([`${file}: ${place(problem.pos[0])}: ${problem.message}${help}`]);
  }
  visit(document, {
    Scalar(_key, { value, source, range }) {
      if (typeof value === "number" && source !== undefined && JSON.stringify(value) !== source) {
        throw new InvalidRulesFile([
          `${file}: ${place(range?.[0] ?? 0)}: the number ${source} would be read as ${value}: put it in quotes if it is a text; where a pattern needs it as it is, give the pattern as JSON text`,
        ]);
      }
    },
    Pair(_key, { key }) {
      if (!isScalar(key) || typeof key.value !== "string") {
        throw new InvalidRulesFile([`${file}: a key is no text: ${String(key)}`]);
      }
    },
  });
  try {
    return document.toJS() as JsonValue;
  } catch (cause) {
    // Aliases that would make it endless, or more than memory holds.
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidRulesFile([`${file}: ${reason}`], { cause });
  }
}

function placeIn(text: string, offset: number): string {
  const lines = text.slice(0, offset).split("\n");
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}
