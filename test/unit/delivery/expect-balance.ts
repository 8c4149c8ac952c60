import { expect } from "vitest";
import type { BatchReport } from "../../../shared/delivery/batch.ts";

/** received = delivered + skipped + failed. */
export function expectBalance({ counts }: BatchReport): void {
  const skipped = Object.values(counts.skipped).reduce((sum, records) => sum + records, 0);
  expect(counts.received).toBe(counts.delivered + skipped + counts.failed);
}
