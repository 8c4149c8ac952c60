import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isNestedDeeper } from "../../../shared/ingest/scan-json.ts";

/** What `isNestedDeeper` must agree with, for JSON. */
function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

const isDeeper = (text: string, limit: number): boolean => isNestedDeeper(Buffer.from(text), limit);

describe("isNestedDeeper", () => {
  test("agrees with the depth of the parsed value, whatever stands around the deepest level", () => {
    const values = fc.jsonValue({ maxDepth: 8, depthSize: "large" });
    fc.assert(
      fc.property(values, fc.nat(8), fc.nat(2), (value, limit, indent) => {
        const text = JSON.stringify(value, undefined, indent);

        expect(isDeeper(text, limit)).toBe(depthOf(value) > limit);
      }),
      { numRuns: 1_000 },
    );
  });

  test("finds the deepest level at the start, at the end and between, with no byte to spare", () => {
    const deep = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);

    for (const text of [deep(4), `[${deep(3)},1]`, `[1,${deep(3)}]`, `[{"a":${deep(2)}},"]]"]`]) {
      expect(isDeeper(text, 3)).toBe(true);
      expect(isDeeper(text, 4)).toBe(false);
    }
  });

  test("brackets and escaped quotes within strings count for nothing", () => {
    expect(isDeeper('["[[[[[[[[[[","\\"[[[[[[[[[["]', 1)).toBe(false);
  });
});
