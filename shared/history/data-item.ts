import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { releaseMemory } from "../bytes/release-memory.ts";
import { ByteReader } from "./byte-reader.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Dictionary } from "./dictionary.ts";

/** Records of a data item at most. A record's position is its item's number × 64 + its place in the item. */
export const RECORDS_PER_ITEM = 64;

/** An item is closed earlier when its records have this many bytes, so that one lookup reads little for one record. */
const BYTES_PER_ITEM = 256 * 1024;

/** With a dictionary, Zstandard's level 1 makes records as small as level 3 in half the time. */
const COMPRESSION_LEVEL = 1;

/** Cuts records into items, in their order. @return for each item, the index after its last record */
export function itemEnds(lengths: readonly number[]): readonly number[] {
  const ends: number[] = [];
  let first = 0;
  let bytes = 0;
  for (const [index, length] of lengths.entries()) {
    if (index > first && (index - first === RECORDS_PER_ITEM || bytes + length > BYTES_PER_ITEM)) {
      ends.push(index);
      first = index;
      bytes = 0;
    }
    bytes += length;
  }
  return lengths.length === 0 ? ends : [...ends, lengths.length];
}

/**
 * Packs records into an item: the dictionary's version (0: none), the uncompressed length, and a Zstandard frame
 * of the texts' lengths and the texts.
 */
export function packItem(texts: readonly Buffer[], dictionary: Dictionary | undefined): Buffer {
  const head = new ByteWriter(16 + 4 * texts.length);
  head.number(texts.length);
  for (const text of texts) {
    head.number(text.length);
  }
  const content = Buffer.concat([head.view(), ...texts]);
  const frame = zstdCompressSync(content, {
    params: { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL },
    ...(dictionary && { dictionary: dictionary.content }),
  });
  const item = new ByteWriter(frame.length + 16);
  item.number(dictionary?.version ?? 0);
  item.number(content.length);
  item.blob(frame);
  releaseMemory(content);
  releaseMemory(frame);
  return item.view();
}

/** Which dictionary an item needs; 0 for none. */
export function dictionaryVersionOf(item: Buffer): number {
  return new ByteReader(item).number();
}

/**
 * Reads records out of an item.
 * @param places which, ascending; absent: all
 * @return copies of the texts
 */
export function unpackItem(
  item: Buffer,
  dictionary: Dictionary | undefined,
  places?: readonly number[],
): readonly Buffer[] {
  const head = new ByteReader(item);
  head.number();
  const length = head.number();
  const content = zstdDecompressSync(item.subarray(head.position), {
    // One allocation that fits, in place of a chain of chunks and a copy.
    chunkSize: Math.max(length, 64),
    maxOutputLength: length,
    ...(dictionary && { dictionary: dictionary.content }),
  });
  const reader = new ByteReader(content);
  const lengths = Array.from({ length: reader.number() }, () => reader.number());
  let start = reader.position;
  const texts: Buffer[] = [];
  for (const [place, bytes] of lengths.entries()) {
    if (places === undefined || places.includes(place)) {
      texts.push(Buffer.from(content.subarray(start, start + bytes)));
    }
    start += bytes;
  }
  releaseMemory(content);
  return texts;
}
