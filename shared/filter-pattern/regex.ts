import { readRegex, type Step } from "./regex-program.ts";

/**
 * Prepares a regular expression of a filter pattern: whether it matches anywhere in a text. All ways through it are followed
 * at once, so that the time grows with the text and not with what the expression could be made to try.
 * @throws InvalidFilterPattern
 */
export function compileRegex(expression: string): (text: string) => boolean {
  const program = readRegex(expression);
  return (text) => matches(program, text);
}

function matches(program: readonly Step[], text: string): boolean {
  let current = new StepSet(program.length);
  let next = new StepSet(program.length);
  for (let at = 0; at <= text.length; at += 1) {
    // A match may begin at each place.
    if (follow(program, current, 0, at, text.length)) {
      return true;
    }
    const code = text.charCodeAt(at);
    next.clear();
    for (let each = 0; each < current.size; each += 1) {
      const step = program[current.at(each)];
      if (step?.kind === "character" && at < text.length && step.accepts(code)) {
        if (follow(program, next, current.at(each) + 1, at + 1, text.length)) {
          return true;
        }
      }
    }
    [current, next] = [next, current];
  }
  return false;
}

/** Adds a step and those that can be reached from it without a character. Whether the end of the program is among them. */
function follow(program: readonly Step[], steps: StepSet, first: number, at: number, end: number): boolean {
  const open = [first];
  for (let index = open.pop(); index !== undefined; index = open.pop()) {
    if (!steps.add(index)) {
      continue;
    }
    const step = program[index];
    switch (step?.kind) {
      case "match":
        return true;
      case "fork":
        open.push(...step.to);
        break;
      case "start":
        if (at === 0) open.push(index + 1);
        break;
      case "end":
        if (at === end) open.push(index + 1);
        break;
    }
  }
  return false;
}

/** A set of numbers below `capacity`, in order of their coming, that is cleared at no cost. */
class StepSet {
  readonly #members: Uint16Array;
  readonly #places: Uint16Array;
  size = 0;

  constructor(capacity: number) {
    this.#members = new Uint16Array(capacity);
    this.#places = new Uint16Array(capacity);
  }

  at(index: number): number {
    return this.#members[index] ?? 0;
  }

  /** False if it is there already. */
  add(step: number): boolean {
    const place = this.#places[step] ?? 0;
    if (place < this.size && this.#members[place] === step) {
      return false;
    }
    this.#places[step] = this.size;
    this.#members[this.size] = step;
    this.size += 1;
    return true;
  }

  clear(): void {
    this.size = 0;
  }
}
