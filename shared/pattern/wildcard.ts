/** The literal texts between the stars, in order: one more than there are stars. */
export type Wildcard = readonly string[];

/**
 * Reads a wildcard pattern: `*` stands for any number of characters, `\*` and `\\` for themselves.
 *
 * @param refuse is given the reason where two stars stand together or a backslash escapes anything else
 */
export function parseWildcard(text: string, refuse: (reason: string) => never): Wildcard {
  const literals: string[] = [];
  let literal = "";
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    const next = text.charAt(at + 1);
    if (character === "*") {
      if (next === "*") {
        return refuse(`Consecutive wildcard characters at pos ${quotedPosition(text, at)}`);
      }
      literals.push(literal);
      literal = "";
    } else if (character === "\\") {
      if (next !== "*" && next !== "\\") {
        return refuse(`Invalid escape character at pos ${quotedPosition(text, at)}`);
      }
      literal += next;
      at += 1;
    } else {
      literal += character;
    }
  }
  return [...literals, literal];
}

/** Whether a text is one that the wildcard stands for. */
export function matchesWildcard(text: string, wildcard: Wildcard): boolean {
  const first = wildcard[0] ?? "";
  const last = wildcard.at(-1) ?? "";
  if (wildcard.length === 1) {
    return text === first;
  }
  const end = text.length - last.length;
  if (first.length > end || !text.startsWith(first) || !text.endsWith(last)) {
    return false;
  }
  // The first place that fits leaves most for the rest, so no other has to be tried.
  let from = first.length;
  for (const literal of wildcard.slice(1, -1)) {
    const found = text.indexOf(literal, from);
    if (found < 0) {
      return false;
    }
    from = found + literal.length;
  }
  return from <= end;
}

/** EventBridge counts positions in bytes of the pattern in its quotes. */
function quotedPosition(text: string, at: number): number {
  return 1 + Buffer.byteLength(text.slice(0, at));
}
