import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A folder for one test, with what removes it. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const folder = mkdtempSync(path.join(tmpdir(), "opentrail-test-"));
  return { path: folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
