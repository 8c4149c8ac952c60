import { hash } from "node:crypto";
import path from "node:path";

/**
 * How a key becomes a path below its bucket's folder: a key of plain segments is its own path; what a file
 * system refuses, changes or takes for something else is percent-encoded. Keys are untrusted.
 *
 * - Characters that Windows refuses, control characters, `%` and `\` are encoded, and so is the end of a segment
 *   that ends in a dot or a space (`..` among them) and the start of one that is a device name (`con`, `nul.txt`).
 * - An empty segment (of `a//b`, `/a`, `a/`) is `%`.
 * - A segment that is not in Unicode's form C is encoded whole, since macOS takes it for the one that is.
 * - A long segment goes through folders whose names end in `%~` and are to be read with what follows.
 *
 * Keys that differ in nothing but case are one file where the file system says so (macOS, Windows).
 */

/** S3 takes keys of up to 1,024 bytes of UTF-8. */
const LONGEST_KEY = 1024;
/** Encoded bytes, as the worst case counts them, from which on a segment is cut. File names end at 255. */
const LONG_SEGMENT = 220;
const CONTINUED = "%~";
const EMPTY = "%";
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSAFE = /[\u0000-\u001f\u007f"%*:<>?\\|]/;
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(?=$|\.)/i;

/** Whether S3 would take it for a key. */
export function isObjectKey(key: string): boolean {
  return key.length > 0 && key.isWellFormed() && Buffer.byteLength(key) <= LONGEST_KEY;
}

/** The names of the folders and, last, of the file that hold the object with that key. */
export function pathOfKey(key: string): readonly string[] {
  return key.split("/").flatMap((segment) => pieces(segment).map(encodePiece));
}

/** One name of a path, read back. */
export interface DecodedName {
  /** The part of the key. */
  readonly text: string;
  /** Whether the text goes on, without a slash, in the names within this folder. */
  readonly continued: boolean;
}

/** The inverse of `pathOfKey` for one name; undefined for a name that no key has. */
export function decodeName(name: string): DecodedName | undefined {
  const continued = name.endsWith(CONTINUED);
  const encoded = continued ? name.slice(0, -CONTINUED.length) : name;
  const text = encoded === EMPTY ? "" : percentDecode(encoded);
  // Files that a person or a program put there under a name that no key is written to are no objects.
  return text !== undefined && encodePiece({ text, continued }) === name ? { text, continued } : undefined;
}

/**
 * Cuts a long segment after the shortest start that counts as long. Every segment with that start is cut there, so
 * that the folder's name sorts among its neighbours as each key in it does.
 */
function pieces(segment: string): readonly DecodedName[] {
  const names: DecodedName[] = [];
  let text = "";
  let cost = 0;
  for (const character of segment) {
    text += character;
    cost += isPlain(character) ? 1 : 3 * Buffer.byteLength(character);
    if (cost >= LONG_SEGMENT) {
      names.push({ text, continued: true });
      text = "";
      cost = 0;
    }
  }
  return [...names, { text, continued: false }];
}

function isPlain(character: string): boolean {
  return character > " " && character < "\u007f" && !UNSAFE.test(character);
}

function encodePiece({ text, continued }: DecodedName): string {
  if (text === "") {
    return continued ? CONTINUED : EMPTY;
  }
  const characters = [...text];
  const composed = text === text.normalize("NFC");
  const device = DEVICE.test(text);
  const encoded = characters.map((character, index) => {
    const encode =
      UNSAFE.test(character) ||
      (!composed && character > "\u007f") ||
      (device && index === 0) ||
      (!continued && index === characters.length - 1 && (character === "." || character === " "));
    return encode ? percentEncode(character) : character;
  });
  return encoded.join("") + (continued ? CONTINUED : "");
}

function percentEncode(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");
}

function percentDecode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** Where an object's metadata lies in its bucket's metadata folder, spread over 256 folders. */
export function metadataName(key: string): string {
  const name = hash("sha256", key);
  return path.join(name.slice(0, 2), `${name}.json`);
}
