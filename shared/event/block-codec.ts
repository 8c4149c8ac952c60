import { hash, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { constants, zstdCompress, zstdDecompress } from "node:zlib";
import { BufferPool } from "../bytes/buffer-pool.ts";
import { releaseMemory } from "../bytes/release-memory.ts";
import type { ActivityBlock, BlockDraft, Destination, PackedBlock } from "./block.ts";
import { isJsonObject } from "./json.ts";

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

const MAGIC = Buffer.from("OTB1");
const LENGTH_BYTES = 4;
const FRAME_START = MAGIC.length + LENGTH_BYTES;

/** The most that a block may inflate to: above any block that ingest packs, below what harms a 512 MB function. */
export const MAX_BLOCK_BYTES = 64 * 1024 * 1024;

/** Zstandard's level for blocks that are sent and paid for by size: on records, level 3 takes a tenth longer for 2 % less. */
const COMPACT_LEVEL = 1;

/** Zlib hands its output over in chunks, each a trip to this thread: records pack to a fifth and less. */
const PACKED_SHARE = 1 / 4;

const GRAIN_BYTES = 1024 * 1024;
const SMALL_GRAIN_BYTES = 4 * 1024;

/** Contents on their way to be compressed: a few calls' at a time. */
const contents = new BufferPool(8 * 1024 * 1024);

/** The bytes are no activity block: cut short, changed, or something else. */
export class InvalidBlock extends Error {
  override readonly name = "InvalidBlock";
}

/**
 * Encodes and compresses a block: `OTB1`, the content's length, and as one Zstandard frame the content: the
 * header's length, the header as JSON, the records' text (lengths are uint32, little endian). The block's id is
 * made of all these bytes; a nonce in the header keeps two equal calls apart.
 * @param level Zstandard's; below 0 it is faster, and its blocks are unpacked faster
 */
export async function packBlock(
  { texts, ...columns }: BlockDraft,
  destinations: readonly Destination[],
  level = COMPACT_LEVEL,
): Promise<PackedBlock> {
  const lengths = texts.map((text) => text.length);
  const header = Buffer.from(JSON.stringify({ nonce: randomBytes(8).toString("hex"), ...columns, lengths }));
  const contentLength = LENGTH_BYTES + header.length + textLength(lengths);
  const body = await contents.lend(contentLength, async (content) => {
    writeContent(content, header, texts);
    const frame = await compress(content, {
      chunkSize: roundUp(constants.Z_MIN_CHUNK + Math.ceil(contentLength * PACKED_SHARE)),
      params: { [constants.ZSTD_c_compressionLevel]: level },
    });
    const packed = Buffer.concat([MAGIC, uint32(contentLength), frame]);
    releaseMemory(frame);
    return packed;
  });
  return { id: blockId(body), records: texts.length, destinations, body };
}

const COMMA = 0x2c;

function writeContent(content: Buffer, header: Buffer, texts: readonly Buffer[]): void {
  content.writeUInt32LE(header.length);
  let end = LENGTH_BYTES + header.copy(content, LENGTH_BYTES);
  for (const [index, text] of texts.entries()) {
    if (index > 0) {
      content[end] = COMMA;
      end += 1;
    }
    end += text.copy(content, end);
  }
}

/** Gives back what `packBlock` was given, with the block's id. @throws InvalidBlock */
export async function unpackBlock(body: Buffer): Promise<ActivityBlock> {
  const content = await inflate(body);
  const textStart = LENGTH_BYTES + (content.length < LENGTH_BYTES ? 0 : content.readUInt32LE());
  const header = parseHeader(content.subarray(LENGTH_BYTES, textStart));
  const text = content.subarray(textStart);
  if (text.length !== textLength(header.lengths)) {
    throw new InvalidBlock("The activity block's text is not as long as its header says");
  }
  return { ...header, id: blockId(body), text };
}

/** Bytes of what a block inflates to, as it says; 0 for what is none, or is too large, and will not be inflated. */
export function unpackedLength(body: Buffer): number {
  const length = body.length < FRAME_START ? 0 : body.readUInt32LE(MAGIC.length);
  return length > MAX_BLOCK_BYTES ? 0 : length;
}

/**
 * Buffers of few sizes fit into the memory of those before them: with sizes of all kinds the process keeps a quarter
 * more. Pages that are not written to cost nothing.
 */
function roundUp(bytes: number): number {
  const grain = bytes > GRAIN_BYTES ? GRAIN_BYTES : SMALL_GRAIN_BYTES;
  return Math.ceil(bytes / grain) * grain;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(LENGTH_BYTES);
  bytes.writeUInt32LE(value);
  return bytes;
}

function blockId(body: Buffer): string {
  return hash("sha256", body).slice(0, 32);
}

async function inflate(body: Buffer): Promise<Buffer> {
  if (body.length <= FRAME_START || !body.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new InvalidBlock("The message does not hold an activity block of a known version");
  }
  const length = body.readUInt32LE(MAGIC.length);
  if (length > MAX_BLOCK_BYTES) {
    throw new InvalidBlock(
      `The activity block says that it holds ${length} bytes; ${MAX_BLOCK_BYTES} is the most`,
    );
  }
  let content: Buffer;
  try {
    const maxOutputLength = Math.max(length, constants.Z_MIN_CHUNK);
    const chunkSize = roundUp(maxOutputLength);
    content = await decompress(body.subarray(FRAME_START), { maxOutputLength, chunkSize });
  } catch (cause) {
    throw new InvalidBlock("The message does not hold a whole Zstandard frame of its length", { cause });
  }
  if (content.length !== length) {
    throw new InvalidBlock(`The activity block holds ${content.length} bytes, and says ${length}`);
  }
  return content;
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
