import { isJsonObject } from "../event/json.ts";
import { InvalidFilterPattern } from "./invalid-filter-pattern.ts";
import { readJsonPattern } from "./json-pattern.ts";
import { compileRegex } from "./regex.ts";
import { readTermPattern } from "./term-pattern.ts";

/** Whether a log event's message passes. */
export type FilterPattern = (message: string) => boolean;

const LONGEST_PATTERN = 1024;

/**
 * Reads a filter pattern of CloudWatch Logs and prepares it for matching: terms (`ERROR -"a phrase"`, `?one ?other`), one
 * regular expression (`%…%`) or a condition on JSON messages (`{ $.eventName = "StopLogging" }`). An empty pattern matches
 * everything. Matching takes time in proportion to the message, whatever the pattern.
 *
 * @throws InvalidFilterPattern; for space-delimited patterns (`[ip, user, …]`) too, which are not known here
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
export function compileFilterPattern(text: string): FilterPattern {
  if (text.length > LONGEST_PATTERN) {
    throw new InvalidFilterPattern(`it is longer than ${LONGEST_PATTERN} characters`);
  }
  const pattern = text.trim();
  switch (pattern[0]) {
    case "{":
      return jsonFilter(pattern);
    case "%":
      return regexFilter(pattern);
    case "[":
      throw new InvalidFilterPattern("patterns for space-delimited log events are not supported here");
    default:
      return readTermPattern(pattern);
  }
}

function regexFilter(pattern: string): FilterPattern {
  const [, expression] = /^%(.*)%$/s.exec(pattern) ?? [];
  if (expression === undefined) {
    throw new InvalidFilterPattern("a regular expression stands alone, between two %");
  }
  return compileRegex(expression);
}

function jsonFilter(pattern: string): FilterPattern {
  const condition = readJsonPattern(pattern);
  return (message) => {
    const event = parsed(message);
    return isJsonObject(event) && condition(event);
  };
}

function parsed(message: string): unknown {
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
