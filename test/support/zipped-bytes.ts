import { constants, deflateRawSync } from "node:zlib";

/** Bytes that a ZIP archive has beside the deflated file: its header, its entry in the directory, the directory's end. */
const ARCHIVE_BYTES = 30 + 46 + 22;

/** The size of a deployment package of one file: a ZIP archive at the highest level, as deployments are zipped. */
export function zippedBytes(fileName: string, content: Uint8Array): number {
  const deflated = deflateRawSync(content, { level: constants.Z_BEST_COMPRESSION });
  return ARCHIVE_BYTES + 2 * Buffer.byteLength(fileName) + deflated.length;
}
