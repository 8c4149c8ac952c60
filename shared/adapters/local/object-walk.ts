import { readdir } from "node:fs/promises";
import path from "node:path";
import { compareKeys } from "./compare-keys.ts";
import { isMissing } from "./durable-file.ts";
import { decodeName } from "./object-path.ts";

/** Which keys a walk is for. */
export interface KeyRange {
  readonly prefix: string;
  /** Keys up to and with this one are left out. */
  readonly after: string;
}

interface Place {
  /** A file's key; of a folder, how every key in it starts. */
  readonly key: string;
  readonly path: string;
  readonly isFolder: boolean;
}

/**
 * The objects below a bucket's folder in the order of their keys. Folders are read when the walk reaches them,
 * and those that cannot hold a key of the range are not read at all.
 */
export async function* walkObjects(
  folder: string,
  range: KeyRange,
  start = "",
): AsyncGenerator<{ readonly key: string; readonly path: string }> {
  const places = (await placesIn(folder, start)).filter((place) =>
    place.isFolder ? mayHold(place.key, range) : isIn(place.key, range),
  );
  places.sort((a, b) => compareKeys(a.key, b.key));
  for (const place of places) {
    if (place.isFolder) {
      yield* walkObjects(place.path, range, place.key);
    } else {
      yield place;
    }
  }
}

async function placesIn(folder: string, start: string): Promise<readonly Place[]> {
  return (await entriesOf(folder)).flatMap((entry) => {
    const name = decodeName(entry.name);
    if (!name || !(entry.isDirectory() || (entry.isFile() && !name.continued))) {
      return [];
    }
    const slash = entry.isDirectory() && !name.continued ? "/" : "";
    const key = `${start}${name.text}${slash}`;
    return [{ key, path: path.join(folder, entry.name), isFolder: entry.isDirectory() }];
  });
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // The folder went with its last object since its parent was read.
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}

function isIn(key: string, { prefix, after }: KeyRange): boolean {
  return key.startsWith(prefix) && compareKeys(key, after) > 0;
}

function mayHold(start: string, { prefix, after }: KeyRange): boolean {
  const related = start.startsWith(prefix) || prefix.startsWith(start);
  // No code point is greater, so that no key in the folder comes after this one.
  return related && compareKeys(`${start}\u{10ffff}`, after) > 0;
}
