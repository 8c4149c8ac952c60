import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryClock } from "../../../shared/adapters/memory/clock.ts";
import { MemoryImportStore } from "../../../shared/adapters/memory/import-store.ts";
import { importLogFile } from "../../../shared/ingest/import-log-file.ts";
import type { ImportStore } from "../../../shared/ports/import-store.ts";
import type { SourceFile } from "../../../shared/ports/source-files.ts";

const REQUEST = {
  bucket: "trail-logs",
  key: "AWSLogs/111122223333/CloudTrail/us-east-1/2026/01/31/a.json.gz",
  accountId: "111122223333",
  origin: "log-file",
  isOwnCall: () => false,
} as const;

const PART_RECORDS = 5_000;
const LEASE_MS = 5 * 60_000;

/** What goes wrong in one call to the topic or to the import store. */
type Fault = "none" | "refused" | "lost-answer" | "process-ends";

class ProcessEnded extends Error {}

/** Runs attempts at a file of so many records, until one succeeds, with the faults in their order. */
async function importWith(faults: readonly Fault[], records: number) {
  const clock = new MemoryClock(Date.UTC(2026, 0, 31));
  const imports = new MemoryImportStore(clock, 24 * 60 * 60_000);
  const published: number[] = [];
  const remaining = [...faults];
  let repeatable = 0;

  /** One attempt is one process: when it has ended, it does nothing more. */
  function attempt(file: SourceFile) {
    let hasEnded = false;
    async function call<T>(work: () => Promise<T>, isNote: boolean): Promise<T> {
      if (hasEnded) throw new ProcessEnded();
      const fault = remaining.shift() ?? "none";
      if (fault === "refused") throw new Error("refused");
      const result = fault === "process-ends" && isNote ? undefined : await work();
      if (fault === "process-ends") {
        hasEnded = true;
        throw new ProcessEnded();
      }
      if (fault === "lost-answer") throw new Error("the answer was lost");
      return result as T;
    }
    const store: ImportStore = {
      claim: (...all) => call(() => imports.claim(...all), false),
      note: (...all) => call(() => imports.note(...all), true),
      read: (...all) => imports.read(...all),
    };
    return importLogFile(file, REQUEST, {
      clock,
      imports: store,
      ingest: ({ records: texts }) =>
        call(async () => {
          published.push(...texts.map((text) => JSON.parse(text.toString()).n));
          return { accepted: texts.length, rejected: [], leftOut: 0 };
        }, false),
    });
  }

  const content = gzipSync(JSON.stringify({ Records: Array.from({ length: records }, (_, n) => ({ n })) }), {
    level: 1,
  });
  for (let tries = 0; tries <= faults.length + 1; tries += 1) {
    const file: SourceFile = {
      etag: "5f4d",
      size: content.length,
      isOwn: false,
      async *bytes() {
        yield content;
      },
      discard: () => undefined,
    };
    try {
      const report = await attempt(file);
      return { published, repeatable, isComplete: true, again: report === undefined };
    } catch {
      repeatable += 1;
      clock.advance(LEASE_MS);
    }
  }
  return { published, repeatable, isComplete: false, again: false };
}

describe("an import with faults", () => {
  test("takes every record, in parts of which each failed attempt repeats one at most", async () => {
    const fault = fc.constantFrom<Fault>("none", "none", "refused", "lost-answer", "process-ends");

    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 12 }),
        fc.integer({ min: 0, max: 12_000 }),
        async (faults, records) => {
          const { published, repeatable, isComplete } = await importWith(faults, records);

          expect(isComplete).toBe(true);
          expect(new Set(published).size).toBe(records);
          expect(published.length).toBeLessThanOrEqual(records + repeatable * PART_RECORDS);
        },
      ),
      { numRuns: 60 },
    );
  });

  test("without faults takes each record once, in order", async () => {
    const { published } = await importWith([], 11_000);

    expect(published).toEqual(Array.from({ length: 11_000 }, (_, n) => n));
  });

  test("whose last note's answer was lost is complete, and not begun again", async () => {
    const { published, again } = await importWith(["none", "none", "lost-answer"], 10);

    expect([published.length, again]).toEqual([10, true]);
  });
});
