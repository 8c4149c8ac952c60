import { hash } from "node:crypto";
import type { FileSeal } from "../ports/ledger.ts";
import type { Part } from "./part.ts";

const HEAD = '{"Records":[';
const TAIL = "]}";
const COMMA = 0x2c;

/** How many bytes a log file of these parts has before compression. */
export function logFileLength(parts: readonly Part[]): number {
  const commas = Math.max(parts.length - 1, 0);
  return HEAD.length + parts.reduce((sum, { bytes }) => sum + bytes, commas) + TAIL.length;
}

/**
 * Writes a log file's content, `{"Records":[…]}`: the parts' texts spliced together as they came, never parsed.
 * @param content of `logFileLength(parts)` bytes
 */
export function composeLogFile(parts: readonly Part[], content: Buffer): void {
  let end = content.write(HEAD, "latin1");
  for (const { text, runs } of parts) {
    for (let run = 0; run < runs.length; run += 2) {
      if (end > HEAD.length) {
        content[end] = COMMA;
        end += 1;
      }
      end += text.copy(content, end, runs[run], runs[run + 1]);
    }
  }
  content.write(TAIL, end, "latin1");
}

/** What a digest will say of a log file of these parts. */
export function sealLogFile(content: Buffer, parts: readonly Part[]): FileSeal {
  return {
    sha256: hash("sha256", content, "hex"),
    oldestEventTime: Math.min(...parts.map(({ oldestEventTime }) => oldestEventTime)),
    newestEventTime: Math.max(...parts.map(({ newestEventTime }) => newestEventTime)),
    records: parts.reduce((sum, { records }) => sum + records, 0),
  };
}
