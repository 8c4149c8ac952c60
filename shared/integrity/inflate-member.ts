import { promisify } from "node:util";
import { crc32, inflateRaw, type ZlibOptions } from "node:zlib";

/** The bytes are no gzip file. */
export class InvalidGzip extends Error {
  override readonly name = "InvalidGzip";
}

/** There are bytes behind the gzip member: of another member, or of something else. */
export class TrailingData extends Error {
  override readonly name = "TrailingData";
}

interface Inflated {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

const inflate = promisify(
  inflateRaw as unknown as (
    body: Uint8Array,
    options: ZlibOptions,
    callback: (error: Error | null, result: Inflated) => void,
  ) => void,
);

const TRAILER_BYTES = 8;
const SMALLEST_CHUNK = 1024;
const LARGEST_CHUNK = 64 * 1024 * 1024;
const FLAG = { headerCrc: 2, extra: 4, name: 8, comment: 16 } as const;

/**
 * Inflates a file that is exactly one gzip member, which is what digests are made of: `gunzip` would also take
 * several, and overlook what stands behind.
 * https://www.rfc-editor.org/rfc/rfc1952
 * @throws InvalidGzip, TrailingData
 */
export async function inflateMember(file: Buffer): Promise<Buffer> {
  const start = headerLength(file);
  // The last four bytes say how long the content is, if nothing stands behind: zlib then needs one chunk.
  const claimed = file.length < TRAILER_BYTES ? 0 : file.readUInt32LE(file.length - 4);
  const chunkSize = Math.min(Math.max(claimed + 1, SMALLEST_CHUNK), LARGEST_CHUNK);
  const { buffer, engine } = await inflate(file.subarray(start), { chunkSize, info: true }).catch((cause) => {
    throw new InvalidGzip("The compressed data is damaged", { cause });
  });
  const trailer = start + engine.bytesWritten;
  if (file.length < trailer + TRAILER_BYTES) {
    throw new InvalidGzip("The file is cut off");
  }
  if (
    file.readUInt32LE(trailer) !== crc32(buffer) ||
    file.readUInt32LE(trailer + 4) !== buffer.length % 2 ** 32
  ) {
    throw new InvalidGzip("The checksum does not match");
  }
  if (file.length > trailer + TRAILER_BYTES) {
    throw new TrailingData("Data follows the end of the compressed stream");
  }
  return buffer;
}

function headerLength(file: Buffer): number {
  if (file.length < 10 || file[0] !== 0x1f || file[1] !== 0x8b || file[2] !== 8) {
    throw new InvalidGzip("The file does not start as a gzip file does");
  }
  const flags = file[3] ?? 0;
  let end = 10;
  if (flags & FLAG.extra) {
    end += 2 + (file.length < end + 2 ? 0 : file.readUInt16LE(end));
  }
  for (const flag of [FLAG.name, FLAG.comment]) {
    if (flags & flag) {
      end = file.indexOf(0, end) + 1 || file.length;
    }
  }
  return end + (flags & FLAG.headerCrc ? 2 : 0);
}
