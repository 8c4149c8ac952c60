import { crc32 as zlibCrc32 } from "node:zlib";

/** CRC-32 of the bytes, as 4 bytes, most significant first. */
export function crc32(bytes: Uint8Array): Buffer {
  return unsigned32(zlibCrc32(bytes));
}

const castagnoli = table(0n, 0x82f63b78n);

/** CRC-32C (Castagnoli, RFC 3720) of the bytes, as 4 bytes, most significant first. */
export function crc32c(bytes: Uint8Array): Buffer {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc = (crc >>> 8) ^ (castagnoli.low[(crc ^ byte) & 0xff] ?? 0);
  }
  return unsigned32(~crc >>> 0);
}

const nvme = table(0x9a6c9329n, 0xac4bc9b5n);

/** CRC-64/NVME of the bytes, as 8 bytes, most significant first. Halves of 32 bits: BigInt is far slower. */
export function crc64nvme(bytes: Uint8Array): Buffer {
  let high = 0xffffffff;
  let low = 0xffffffff;
  for (const byte of bytes) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (nvme.low[index] ?? 0);
    high = (high >>> 8) ^ (nvme.high[index] ?? 0);
  }
  return Buffer.concat([unsigned32(~high >>> 0), unsigned32(~low >>> 0)]);
}

/** What a reflected CRC adds for each byte, for a reflected polynomial of 64 bits (or 32: the low half). */
function table(high: bigint, low: bigint): { readonly high: Int32Array; readonly low: Int32Array } {
  const polynomial = (high << 32n) | low;
  const entries = { high: new Int32Array(256), low: new Int32Array(256) };
  for (let byte = 0; byte < 256; byte++) {
    let value = BigInt(byte);
    for (let bit = 0; bit < 8; bit++) {
      value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    }
    entries.high[byte] = Number(BigInt.asIntN(32, value >> 32n));
    entries.low[byte] = Number(BigInt.asIntN(32, value));
  }
  return entries;
}

function unsigned32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
