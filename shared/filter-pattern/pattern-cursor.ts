import { InvalidFilterPattern } from "./invalid-filter-pattern.ts";

/** A place in a pattern's text that moves on as the pattern is read. White space before what is taken is skipped. */
export class PatternCursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#skipSpace();
    return this.#at === this.#text.length;
  }

  /** Moves behind `token` if it stands here. */
  take(token: string): boolean {
    this.#skipSpace();
    if (!this.#text.startsWith(token, this.#at)) {
      return false;
    }
    this.#at += token.length;
    return true;
  }

  /** Takes what a sticky expression matches here. */
  takeMatch(expression: RegExp): string | undefined {
    this.#skipSpace();
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#text)?.[0];
    this.#at += found?.length ?? 0;
    return found;
  }

  /** Takes a text in double quotes, in which a backslash stands before quotes and backslashes. */
  takeQuoted(): string | undefined {
    const quoted = this.takeMatch(/"(?:[^"\\]|\\.)*"/sy);
    return quoted?.slice(1, -1).replace(/\\(["\\])/g, "$1");
  }

  /** @throws InvalidFilterPattern always: `expected` does not stand here */
  fail(expected: string): never {
    this.#skipSpace();
    const found = this.#text.slice(this.#at, this.#at + 20);
    throw new InvalidFilterPattern(
      `${expected} expected at character ${this.#at + 1}, found ${found === "" ? "the end" : `'${found}'`}`,
    );
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) {
      this.#at += 1;
    }
  }
}
