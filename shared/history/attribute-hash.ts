import { ATTRIBUTE_NAMES, type AttributeName, type EventAttribute } from "./event-attributes.ts";

/** Groups of buckets that every index has, by the upper five bits of the hashes in them. */
export const GROUPS = 32;

const SEEDS: Readonly<Record<AttributeName, number>> = Object.fromEntries(
  ATTRIBUTE_NAMES.map((name) => [name, fnv(0x811c9dc5, name)]),
) as Record<AttributeName, number>;

/**
 * What the index knows an attribute's value by: 32 bits, unsigned. Different values may share them, so whoever
 * finds a record by them looks at the record too.
 */
export function attributeHash(attribute: AttributeName, value: string): number {
  let hash = fnv(SEEDS[attribute], value);
  // FNV's upper bits, by which buckets are chosen, hardly know of the last characters.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** The hashes of a record's attributes, each once. */
export function attributeHashes(attributes: readonly EventAttribute[]): readonly number[] {
  const hashes: number[] = [];
  for (const { name, value } of attributes) {
    const hash = attributeHash(name, value);
    if (!hashes.includes(hash)) {
      hashes.push(hash);
    }
  }
  return hashes;
}

/** FNV-1a over UTF-16 code units. http://www.isthe.com/chongo/tech/comp/fnv/ */
function fnv(seed: number, text: string): number {
  let hash = seed;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash;
}
