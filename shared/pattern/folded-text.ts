/**
 * Text to be found whatever the case: for each character the two ways in which it may be written. They differ
 * in length for a few (`ß`, `SS`); no one of them is the beginning of the other, so reading needs no way back.
 */
export type FoldedText = readonly (readonly [lower: string, upper: string])[];

/** Prepares text for comparison without case, by Unicode's mapping of single characters, in no locale. */
export function foldText(text: string): FoldedText {
  return Array.from(text, (character) => [character.toLowerCase(), character.toUpperCase()] as const);
}

/** Whether a text is the folded one. */
export function equalsFolded(text: string, folded: FoldedText): boolean {
  return foldedPrefixLength(text, folded) === text.length;
}

/** Whether a text begins with the folded one. */
export function startsWithFolded(text: string, folded: FoldedText): boolean {
  return foldedPrefixLength(text, folded) !== undefined;
}

/** Whether a text ends with the folded one. */
export function endsWithFolded(text: string, folded: FoldedText): boolean {
  let end = text.length;
  for (const [lower, upper] of folded.toReversed()) {
    if (text.endsWith(lower, end)) {
      end -= lower.length;
    } else if (text.endsWith(upper, end)) {
      end -= upper.length;
    } else {
      return false;
    }
  }
  return true;
}

function foldedPrefixLength(text: string, folded: FoldedText): number | undefined {
  let length = 0;
  for (const [lower, upper] of folded) {
    if (text.startsWith(lower, length)) {
      length += lower.length;
    } else if (text.startsWith(upper, length)) {
      length += upper.length;
    } else {
      return undefined;
    }
  }
  return length;
}
