import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";
import { describe } from "vitest";

const root = process.env.OPENTRAIL_CORPUS ?? path.join(import.meta.dirname, "../../../shared/corpus");

/** The path of something in the corpus of real records and cases, which lies outside the repository. */
export function corpusPath(...parts: readonly string[]): string {
  return path.join(root, ...parts);
}

/** The lines of a `.jsonl` or `.jsonl.gz` file of the corpus. */
export function corpusLines(...parts: readonly string[]): readonly string[] {
  const bytes = readFileSync(corpusPath(...parts));
  const text = parts.at(-1)?.endsWith(".gz") ? gunzipSync(bytes) : bytes;
  return text.toString("utf8").split("\n").filter(Boolean);
}

/** A `describe` that is skipped, and says why, where there is no corpus; in CI its absence is a failure. */
export function describeWithCorpus(title: string, body: () => void): void {
  if (existsSync(root)) {
    describe(title, body);
  } else if (process.env.CI) {
    throw new Error(`The corpus is missing: ${root} (set OPENTRAIL_CORPUS)`);
  } else {
    describe.skip(`${title} (skipped: no corpus at ${root}, set OPENTRAIL_CORPUS)`, body);
  }
}
