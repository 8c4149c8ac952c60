import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gunzipSync } from "node:zlib";

const corpus = process.env.OPENTRAIL_CORPUS ?? path.join(import.meta.dirname, "../../shared/corpus");
const story = path.join(import.meta.dirname, "../events/1-ingest");

/** Where a bench's records come from: the corpus of real ones, or the story where there is no corpus. */
export const RECORD_SOURCE = existsSync(path.join(corpus, "records")) ? "corpus" : "story";

/**
 * `count` records, one JSON text each: the source's, in its order (by time within a file, which compresses well),
 * repeated as often as it takes.
 */
export function benchRecords(count: number): readonly Buffer[] {
  const once = RECORD_SOURCE === "corpus" ? corpusRecords() : storyRecords();
  return Array.from({ length: count }, (_, index) => once[index % once.length] as Buffer);
}

function corpusRecords(): readonly Buffer[] {
  const folder = path.join(corpus, "records");
  return readdirSync(folder)
    .sort()
    .flatMap((name) =>
      gunzipSync(readFileSync(path.join(folder, name)))
        .toString("utf8")
        .split("\n"),
    )
    .filter(Boolean)
    .map((line) => Buffer.from(line));
}

function storyRecords(): readonly Buffer[] {
  return readdirSync(story)
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(path.join(story, name), "utf8")).Records as readonly unknown[])
    .map((record) => Buffer.from(JSON.stringify(record)));
}

/** Bodies as a client sends them: `size` records, one a line. */
export function benchBodies(records: readonly Buffer[], size: number): readonly Buffer[] {
  const newline = Buffer.from("\n");
  const bodies: Buffer[] = [];
  for (let first = 0; first < records.length; first += size) {
    bodies.push(Buffer.concat(records.slice(first, first + size).flatMap((record) => [record, newline])));
  }
  return bodies;
}
