import { InvalidFilterPattern } from "./invalid-filter-pattern.ts";

/** Whether a UTF-16 code unit is meant. */
type CharacterTest = (code: number) => boolean;

/** A step of a regular expression. All but forks lead to the step after them. */
export type Step =
  | { readonly kind: "character"; readonly accepts: CharacterTest }
  | { readonly kind: "fork"; readonly to: readonly number[] }
  | { readonly kind: "start" | "end" | "match" };

/** Repetitions such as `{1000}` are written out: beyond this a pattern costs too much to run. */
const MOST_STEPS = 2000;

const ITEM = /\\x[0-9A-Fa-f]{2}|\\.|\[\^?(?:\\.|[^\]\\])+\]|[^\\]/sy;
const REPETITION = /[?*+]|\{(\d{1,4})(,(\d{0,4}))?\}/y;
/** What may stand in a pattern's expression; parentheses are not among it. */
const KNOWN = /^[A-Za-z0-9:_#=@/;,\-^$?[\]{}|\\*+.]*$/;

/**
 * Reads a regular expression as filter patterns have them: no groups, no look-around.
 * @throws InvalidFilterPattern
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions
 */
export function readRegex(expression: string): readonly Step[] {
  // What a backslash stands before is itself, whatever it is.
  if (expression === "" || !KNOWN.test(expression.replace(/\\./gs, ""))) {
    throw new InvalidFilterPattern(`'${expression}' is no regular expression that is supported`);
  }
  const branches = splitBranches(expression).map(readBranch);
  const steps: Step[] = [];
  for (const [index, branch] of branches.entries()) {
    if (index < branches.length - 1) {
      steps.push({ kind: "fork", to: [steps.length + 1, steps.length + branch.length + 2] });
    }
    const start = steps.length;
    steps.push(...branch.map((step) => moved(step, start)), { kind: "match" });
  }
  if (steps.length > MOST_STEPS) {
    throw new InvalidFilterPattern(`the regular expression '${expression}' is too complex`);
  }
  return steps;
}

function moved(step: Step, by: number): Step {
  return step.kind === "fork" ? { kind: "fork", to: step.to.map((each) => each + by) } : step;
}

/** The alternatives that `|` parts, outside classes. */
function splitBranches(expression: string): readonly string[] {
  const branches = [""];
  for (const item of itemsOf(expression)) {
    if (item === "|") branches.push("");
    else branches.push(`${branches.pop() ?? ""}${item}`);
  }
  return branches;
}

function itemsOf(expression: string): readonly string[] {
  const items: string[] = [];
  for (let at = 0; at < expression.length; at += items.at(-1)?.length ?? 0) {
    items.push(matchAt(ITEM, expression, at)?.[0] ?? invalid(expression));
  }
  return items;
}

function matchAt(sticky: RegExp, text: string, at: number): RegExpExecArray | null {
  sticky.lastIndex = at;
  return sticky.exec(text);
}

/** The steps of one alternative; forks count from its start. */
function readBranch(branch: string): readonly Step[] {
  const steps: Step[] = [];
  let at = 0;
  while (at < branch.length) {
    const item = matchAt(ITEM, branch, at)?.[0] ?? invalid(branch);
    at += item.length;
    const repetition = matchAt(REPETITION, branch, at);
    at += repetition?.[0].length ?? 0;
    if (item === "^" || item === "$") {
      if (repetition !== null) invalid(branch);
      steps.push({ kind: item === "^" ? "start" : "end" });
    } else {
      if (["?", "*", "+", "{", "}", "]"].includes(item)) invalid(branch);
      addRepeated(steps, { kind: "character", accepts: characterTest(item) }, ...bounds(repetition, branch));
    }
  }
  return steps;
}

function bounds(repetition: RegExpExecArray | null, branch: string): readonly [least: number, most: number] {
  const [text, least, range, most] = repetition ?? [];
  switch (text) {
    case undefined:
      return [1, 1];
    case "?":
      return [0, 1];
    case "*":
      return [0, Number.POSITIVE_INFINITY];
    case "+":
      return [1, Number.POSITIVE_INFINITY];
  }
  const from = Number(least);
  const to = range === undefined ? from : most === "" ? Number.POSITIVE_INFINITY : Number(most);
  const written = to === Number.POSITIVE_INFINITY ? from : to;
  return from <= to && written <= MOST_STEPS ? [from, to] : invalid(branch);
}

function addRepeated(steps: Step[], step: Step, least: number, most: number): void {
  for (let count = 0; count < least; count += 1) {
    steps.push(step);
  }
  if (most === Number.POSITIVE_INFINITY) {
    const fork = steps.length;
    steps.push({ kind: "fork", to: [fork + 1, fork + 3] }, step, { kind: "fork", to: [fork] });
    return;
  }
  const end = steps.length + 2 * (most - least);
  for (let count = least; count < most; count += 1) {
    steps.push({ kind: "fork", to: [steps.length + 1, end] }, step);
  }
}

function characterTest(item: string): CharacterTest {
  if (item === ".") {
    return (code) => code !== 0x0a && code !== 0x0d;
  }
  // A single character, an escape or a class without groups is the same in JavaScript, and cannot backtrack.
  const source = /^[A-Za-z0-9]$|^[\\[]/.test(item) ? item : `\\${item}`;
  const test = singleCharacter(source);
  const ascii = Uint8Array.from({ length: 128 }, (_, code) => (test.test(String.fromCharCode(code)) ? 1 : 0));
  return (code) => (code < 128 ? ascii[code] === 1 : test.test(String.fromCharCode(code)));
}

function singleCharacter(source: string): RegExp {
  // Of letters only these are escapes that AWS names; others would be JavaScript's own.
  if (/^\\[A-Za-z0-9]/.test(source) && !/^\\[dDsSwW]$|^\\x/.test(source)) {
    invalid(source);
  }
  try {
    return new RegExp(`^${source}$`);
  } catch {
    return invalid(source);
  }
}

function invalid(expression: string): never {
  throw new InvalidFilterPattern(`'${expression}' is no regular expression that is supported`);
}
