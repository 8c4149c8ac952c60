/**
 * JSON as it was written: members in order with repeated names kept, and numbers as their text. Event patterns
 * and events need both, and `JSON.parse` keeps neither.
 */
export type WrittenValue = WrittenObject | WrittenArray | WrittenScalar;

/** A JSON object with all its members, repeated names included. */
export interface WrittenObject {
  readonly kind: "object";
  /** Where it starts in the text. */
  readonly at: number;
  readonly members: readonly WrittenMember[];
}

/** A member of an object. */
export interface WrittenMember {
  readonly name: string;
  readonly value: WrittenValue;
}

/** A JSON array. */
export interface WrittenArray {
  readonly kind: "array";
  /** Where it starts in the text. */
  readonly at: number;
  readonly elements: readonly WrittenValue[];
}

/** A string (its text decoded), a number (its text as written), or true, false or null. */
export interface WrittenScalar {
  readonly kind: "string" | "number" | "literal";
  /** Where it starts in the text. */
  readonly at: number;
  readonly text: string;
}

/** The text is not JSON (RFC 8259), or nested deeper than was allowed. */
export class JsonTextError extends Error {
  override readonly name = "JsonTextError";
  /** Where in the text. */
  readonly at: number;

  constructor(message: string, at: number, options?: ErrorOptions) {
    super(message, options);
    this.at = at;
  }
}

type Open =
  | { readonly kind: "object"; readonly at: number; readonly members: WrittenMember[] }
  | { readonly kind: "array"; readonly at: number; readonly elements: WrittenValue[] };

/**
 * Reads one JSON text. Nesting costs memory, not stack, so any depth that fits in the text can be read.
 *
 * @param maxDepth how many objects and arrays may be open at once
 * @throws JsonTextError
 */
export function readWrittenJson(text: string, maxDepth = Number.POSITIVE_INFINITY): WrittenValue {
  const cursor = new Cursor(text);
  const open: Open[] = [];
  const root = cursor.value();
  let value: Open | WrittenScalar = root;
  for (;;) {
    if ((value.kind === "object" || value.kind === "array") && !cursor.closes(value)) {
      open.push(value);
      if (open.length > maxDepth) {
        throw new JsonTextError(`Nested deeper than ${maxDepth} levels`, value.at);
      }
    } else {
      while (open.length > 0 && !cursor.goesOn(open.at(-1))) {
        open.pop();
      }
    }
    const container = open.at(-1);
    if (container === undefined) {
      cursor.end();
      return root;
    }
    if (container.kind === "object") {
      const name = cursor.name();
      value = cursor.value();
      container.members.push({ name, value });
    } else {
      value = cursor.value();
      container.elements.push(value);
    }
  }
}

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const LITERAL = /true|false|null/y;
const NEEDS_DECODING = /[\\\p{Cc}]/u;

/** A place in a JSON text, and the steps from it. Every step skips white space first. */
class Cursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** A scalar, or a container of which only the opening bracket is read. */
  value(): Open | WrittenScalar {
    const character = this.#peek();
    const at = this.#at;
    switch (character) {
      case "{":
        this.#at += 1;
        return { kind: "object", at, members: [] };
      case "[":
        this.#at += 1;
        return { kind: "array", at, elements: [] };
      case '"':
        return { kind: "string", at, text: this.#string() };
      case "t":
      case "f":
      case "n":
        return { kind: "literal", at, text: this.#token(LITERAL) };
      default:
        return { kind: "number", at, text: this.#token(NUMBER) };
    }
  }

  /** A member's name and the colon after it. */
  name(): string {
    if (this.#peek() !== '"') {
      throw this.#unexpected("a member's name in double quotes");
    }
    const name = this.#string();
    if (this.#peek() !== ":") {
      throw this.#unexpected("a colon");
    }
    this.#at += 1;
    return name;
  }

  /** Steps over the closing bracket of a container that was just opened, if it is empty. */
  closes(container: Open): boolean {
    const closes = this.#peek() === (container.kind === "object" ? "}" : "]");
    this.#at += closes ? 1 : 0;
    return closes;
  }

  /** Steps over what follows a value in a container: a comma (true) or the closing bracket (false). */
  goesOn(container: Open | undefined): boolean {
    const character = this.#peek();
    const closing = container?.kind === "object" ? "}" : "]";
    if (character !== "," && character !== closing) {
      throw this.#unexpected(`a comma or ${closing}`);
    }
    this.#at += 1;
    return character === ",";
  }

  end(): void {
    if (this.#peek() !== "") {
      throw this.#unexpected("the end of the text");
    }
  }

  #peek(): string {
    for (;;) {
      const character = this.#text.charAt(this.#at);
      if (character !== " " && character !== "\n" && character !== "\r" && character !== "\t") {
        return character;
      }
      this.#at += 1;
    }
  }

  #token(expression: RegExp): string {
    expression.lastIndex = this.#at;
    const token = expression.exec(this.#text)?.[0];
    if (token === undefined) {
      throw this.#unexpected("a JSON value");
    }
    this.#at += token.length;
    return token;
  }

  #string(): string {
    const start = this.#at;
    let end = this.#text.indexOf('"', start + 1);
    const plain = this.#text.slice(start + 1, end);
    if (end > 0 && !NEEDS_DECODING.test(plain)) {
      this.#at = end + 1;
      return plain;
    }
    while (end > 0 && isEscaped(this.#text, end)) {
      end = this.#text.indexOf('"', end + 1);
    }
    if (end < 0) {
      throw new JsonTextError("A string has no end", start);
    }
    this.#at = end + 1;
    try {
      return JSON.parse(this.#text.slice(start, end + 1)) as string;
    } catch (cause) {
      throw new JsonTextError(
        "A string has a control character or an escape that JSON does not have",
        start,
        {
          cause,
        },
      );
    }
  }

  #unexpected(expected: string): JsonTextError {
    const found = this.#text.charAt(this.#at);
    const what = found === "" ? "The text ends" : `Unexpected character ${JSON.stringify(found)}`;
    return new JsonTextError(`${what} where ${expected} is expected`, this.#at);
  }
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(text: string, at: number): boolean {
  let backslash = at - 1;
  while (text.charAt(backslash) === "\\") {
    backslash -= 1;
  }
  return (at - backslash) % 2 === 0;
}
