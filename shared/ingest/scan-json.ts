import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from "./json-bytes.ts";

/** The first position at or after `position` that is not JSON white space (the length, if there is none). */
export function skipSpace(content: Uint8Array, position: number): number {
  let at = position;
  while (isSpace(content[at])) {
    at += 1;
  }
  return at;
}

/**
 * Where the JSON value that begins at `start` ends (exclusive); undefined if the content ends before it does.
 * Only strings and brackets are looked at: what is between them may be no JSON.
 */
export function endOfValue(content: Uint8Array, start: number): number | undefined {
  const first = content[start];
  if (first === QUOTE) {
    return endOfString(content, start);
  }
  return first === OPEN_BRACE || first === OPEN_BRACKET
    ? endOfNested(content, start)
    : endOfScalar(content, start);
}

/**
 * Whether objects and arrays are nested deeper than `limit` in a JSON text; `[]` is 1. What is no JSON may be taken for
 * flat.
 */
export function isNestedDeeper(content: Uint8Array, limit: number): boolean {
  const closing = limit + 1;
  let depth = 0;
  // Each level that is still to come takes a bracket, and then each level one to close it: where there is no room for
  // them, the text need not be looked at.
  for (let at = 0; content.length - at >= limit + 1 - depth + closing; at += 1) {
    const byte = content[at];
    if (byte === QUOTE) {
      at = (endOfString(content, at) ?? content.length) - 1;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
      if (depth > limit) {
        return true;
      }
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
    }
  }
  return false;
}

function endOfString(content: Uint8Array, start: number): number | undefined {
  for (let at = start + 1; at < content.length; at += 1) {
    const byte = content[at];
    if (byte === BACKSLASH) {
      at += 1;
    } else if (byte === QUOTE) {
      return at + 1;
    }
  }
  return undefined;
}

function endOfNested(content: Uint8Array, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < content.length; at += 1) {
    const byte = content[at];
    if (inString) {
      if (byte === BACKSLASH) {
        at += 1;
      } else if (byte === QUOTE) {
        inString = false;
      }
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1;
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1;
      if (depth === 0) {
        return at + 1;
      }
    }
  }
  return undefined;
}

function endOfScalar(content: Uint8Array, start: number): number | undefined {
  let at = start;
  while (at < content.length && !endsScalar(content[at])) {
    at += 1;
  }
  return at === start ? undefined : at;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte === COLON || isSpace(byte);
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
