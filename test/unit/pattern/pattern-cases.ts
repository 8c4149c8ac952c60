import { readWrittenJson, type WrittenValue } from "../../../shared/pattern/written-json.ts";
import { corpusLines } from "../../support/corpus.ts";

/** A case of the corpus: what an engine was asked, as text, and what it answered. */
export interface PatternCase {
  readonly name: string;
  readonly pattern: string;
  readonly event: string | undefined;
  readonly expected: boolean | "error" | "valid";
  /** The message's first line, where the answer was an error about the pattern and was recorded. */
  readonly reason: string | undefined;
}

/** Reads cases with their numbers as written: `1E-325` and `0` are different questions. */
export function patternCases(file: string): readonly PatternCase[] {
  return corpusLines("eventpatterns", file).map((line) => {
    const { name, expected, aws_error: error } = JSON.parse(line);
    const isJsonError = error?.message.includes("was expecting");
    const isAboutPattern = error?.code === "InvalidEventPatternException" && !isJsonError;
    return {
      name,
      expected,
      pattern: memberText(line, "pattern") ?? "",
      event: memberText(line, "event"),
      reason: isAboutPattern ? error.message : undefined,
    };
  });
}

/** A string is raw text; any other value stands for its own JSON text, and null for nothing. */
function memberText(line: string, name: string): string | undefined {
  const root = readWrittenJson(line);
  const value =
    root.kind === "object" ? root.members.find((member) => member.name === name)?.value : undefined;
  if (value === undefined || (value.kind === "literal" && value.text === "null")) {
    return undefined;
  }
  return value.kind === "string" ? value.text : writtenText(value);
}

/** The JSON text of a value: the one that was read, but for white space and escapes. */
function writtenText(value: WrittenValue): string {
  switch (value.kind) {
    case "object":
      return `{${value.members.map((one) => `${JSON.stringify(one.name)}:${writtenText(one.value)}`).join()}}`;
    case "array":
      return `[${value.elements.map(writtenText).join()}]`;
    case "string":
      return JSON.stringify(value.text);
    default:
      return value.text;
  }
}
