/** A BLOB as `node:sqlite` gives it, as a Buffer over the same bytes. */
export function bufferOf(blob: Uint8Array): Buffer {
  return Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
}
