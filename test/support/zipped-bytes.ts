import { constants, deflateRawSync } from "node:zlib";
import type { BundledFile } from "../../scripts/function-bundles.ts";

/** Bytes that a ZIP archive has for each file beside what was deflated: its header, and its entry in the directory. */
const FILE_BYTES = 30 + 46;

/** Of the directory's end. */
const END_BYTES = 22;

/** The size of a deployment package: a ZIP archive at the highest level, as deployments are zipped. */
export function zippedBytes(files: readonly Pick<BundledFile, "path" | "code">[]): number {
  const sizes = files.map(({ path, code }) => {
    const deflated = deflateRawSync(code, { level: constants.Z_BEST_COMPRESSION });
    return FILE_BYTES + 2 * Buffer.byteLength(path) + deflated.length;
  });
  return sizes.reduce((sum, size) => sum + size, END_BYTES);
}
