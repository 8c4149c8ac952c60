import { createHash, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import type { ActivityBlock, Destination, PackedBlock } from "./block.ts";
import { isJsonObject } from "./json.ts";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

const MAGIC = Buffer.from("OTB1");
const HEADER_LENGTH_BYTES = 4;

/** The most that a block may inflate to: above any block that ingest packs, below what harms a 512 MB function. */
export const MAX_BLOCK_BYTES = 64 * 1024 * 1024;

/** Zstandard's fastest level that is worth it on records: level 3 takes half as long again for 7 % less. */
const COMPRESSION_LEVEL = 1;

/** The bytes are no activity block: cut short, changed, or something else. */
export class InvalidBlock extends Error {
  override readonly name = "InvalidBlock";
}

/**
 * Encodes and compresses a block: `OTB1`, the header's length (uint32, little endian), the header as JSON, the
 * records' text; all of it one Zstandard frame. The block's id is made of the bytes of that frame; a nonce in
 * the header keeps two equal calls apart.
 */
export async function packBlock(
  block: Omit<ActivityBlock, "id">,
  destinations: readonly Destination[],
): Promise<PackedBlock> {
  const { text, ...columns } = block;
  const header = Buffer.from(JSON.stringify({ nonce: randomBytes(8).toString("hex"), ...columns }));
  const length = Buffer.alloc(HEADER_LENGTH_BYTES);
  length.writeUInt32LE(header.length);
  const body = await compress(Buffer.concat([MAGIC, length, header, text]), {
    params: { [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL },
  });
  return { id: blockId(body), records: block.lengths.length, destinations, body };
}

/** Gives back what `packBlock` was given, with the block's id. @throws InvalidBlock */
export async function unpackBlock(body: Buffer): Promise<ActivityBlock> {
  const content = await inflate(body);
  const headerStart = MAGIC.length + HEADER_LENGTH_BYTES;
  if (content.length < headerStart || !content.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new InvalidBlock("The message does not hold an activity block of a known version");
  }
  const textStart = headerStart + content.readUInt32LE(MAGIC.length);
  const header = parseHeader(content.subarray(headerStart, textStart));
  const text = content.subarray(textStart);
  if (text.length !== textLength(header.lengths)) {
    throw new InvalidBlock("The activity block's text is not as long as its header says");
  }
  return { ...header, id: blockId(body), text };
}

function blockId(body: Buffer): string {
  return createHash("sha256").update(body).digest("hex").slice(0, 32);
}

async function inflate(body: Buffer): Promise<Buffer> {
  try {
    return await decompress(body, { maxOutputLength: MAX_BLOCK_BYTES });
  } catch (cause) {
    throw new InvalidBlock("The message is not a whole Zstandard frame of an activity block", { cause });
  }
}

type BlockHeader = Omit<ActivityBlock, "id" | "text">;

/** Only `packBlock` writes headers and the frame's checksummed id names them, so their shape is trusted. */
function parseHeader(bytes: Buffer): BlockHeader {
  try {
    const header: unknown = JSON.parse(bytes.toString("utf8"));
    if (isJsonObject(header) && Array.isArray(header.lengths)) {
      return header as unknown as BlockHeader;
    }
  } catch (cause) {
    throw new InvalidBlock("The activity block's header is not JSON", { cause });
  }
  throw new InvalidBlock("The activity block's header lacks its columns");
}

/** Bytes of all records' texts and of the commas between them. */
function textLength(lengths: readonly number[]): number {
  return lengths.reduce((sum, length) => sum + length, Math.max(lengths.length - 1, 0));
}
