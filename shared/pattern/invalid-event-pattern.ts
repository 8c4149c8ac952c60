/**
 * A text is no event pattern. AWS's name for it is InvalidEventPatternException, and the first line of the
 * message is AWS's where AWS's is known; the second names the place.
 */
export class InvalidEventPattern extends Error {
  override readonly name = "InvalidEventPattern";

  /**
   * @param reason what is wrong
   * @param place where, if it is at one place
   */
  constructor(reason: string, place?: string, options?: ErrorOptions) {
    super(
      `Event pattern is not valid. Reason: ${reason}${place === undefined ? "" : `\n at ${place}`}`,
      options,
    );
  }
}

/** Names a place in a pattern's text: line and column from 1, and the path of the field that it belongs to. */
export function placeInPattern(text: string, at: number, path: readonly string[] = []): string {
  const lines = text.slice(0, at).split("\n");
  const column = (lines.at(-1)?.length ?? 0) + 1;
  return `line ${lines.length}, column ${column}${path.length === 0 ? "" : ` (${path.join(".")})`}`;
}
