import type { JsonObject } from "../event/json.ts";
import { compareWith, type Operator, type TextTest, textTest } from "./json-condition.ts";
import { readSelector, type Selector } from "./json-selector.ts";
import { PatternCursor } from "./pattern-cursor.ts";
import { compileRegex } from "./regex.ts";

/** A condition on a message that is a JSON object. */
export type JsonCondition = (event: JsonObject) => boolean;

const MOST_REGULAR_EXPRESSIONS = 2;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads a pattern for JSON messages: comparisons joined by `&&` and `||` (`&&` binds closer) and parentheses, in braces.
 * @throws InvalidFilterPattern
 */
export function readJsonPattern(pattern: string): JsonCondition {
  const cursor = new PatternCursor(pattern);
  let regularExpressions = 0;

  function alternatives(): JsonCondition {
    const all = joinedBy("||", conjunction);
    return (event) => all.some((condition) => condition(event));
  }

  function conjunction(): JsonCondition {
    const all = joinedBy("&&", operand);
    return (event) => all.every((condition) => condition(event));
  }

  function joinedBy(operator: string, read: () => JsonCondition): readonly JsonCondition[] {
    const all = [read()];
    while (cursor.take(operator)) {
      all.push(read());
    }
    return all;
  }

  function operand(): JsonCondition {
    if (!cursor.take("(")) {
      return comparison();
    }
    const inner = alternatives();
    expect(")");
    return inner;
  }

  function comparison(): JsonCondition {
    const select = readSelector(cursor);
    const keywords = cursor.takeMatch(/IS\s+(?:NULL|TRUE|FALSE)\b|NOT\s+EXISTS\b/y);
    if (keywords !== undefined) {
      return isKeyword(select, keywords.replace(/\s+/, " "));
    }
    const operator = cursor.takeMatch(/!=|<=|>=|=|<|>/y) as Operator | undefined;
    return operator === undefined
      ? cursor.fail("A comparison, IS or NOT EXISTS")
      : compareWith(select, operator, ...value(operator));
  }

  /** What a property is compared with: a test of its text, and the number that was meant if one was. */
  function value(operator: Operator): readonly [TextTest, number?] {
    const isEquality = operator === "=" || operator === "!=";
    const number = cursor.takeMatch(/[+-]?[\d.][\w.+-]*(?![\w.*+-])/y);
    if (number !== undefined && NUMBER.test(number)) {
      return [textTest(number), Number(number)];
    }
    if (!isEquality) {
      return cursor.fail("A number");
    }
    const regularExpression = number === undefined ? cursor.takeMatch(/%[^%]*%/y) : undefined;
    if (regularExpression !== undefined) {
      regularExpressions += 1;
      if (regularExpressions > MOST_REGULAR_EXPRESSIONS) {
        return cursor.fail("No third regular expression");
      }
      return [compileRegex(regularExpression.slice(1, -1))];
    }
    const text = number ?? cursor.takeQuoted() ?? cursor.takeMatch(/[\w.*+-]+/y);
    return text === undefined ? cursor.fail("A value") : [textTest(text)];
  }

  function expect(token: string): void {
    if (!cursor.take(token)) {
      cursor.fail(`'${token}'`);
    }
  }

  expect("{");
  const condition = alternatives();
  expect("}");
  return cursor.atEnd() ? condition : cursor.fail("The end");
}

function isKeyword(select: Selector, keywords: string): JsonCondition {
  switch (keywords) {
    case "IS NULL":
      return (event) => select(event) === null;
    case "IS TRUE":
      return (event) => select(event) === true;
    case "IS FALSE":
      return (event) => select(event) === false;
    default:
      return (event) => select(event) === undefined;
  }
}
