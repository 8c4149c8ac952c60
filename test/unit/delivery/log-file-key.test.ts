import { describe, expect, it } from "vitest";
import { logFileKey, randomSuffix } from "../../../shared/delivery/log-file-key.ts";
import type { RecordKind } from "../../../shared/event/record.ts";

const AT = Date.UTC(2026, 1, 3, 4, 9, 59);

function keyOf(account: string, region: string, kind: RecordKind = "management"): string {
  const group = { recipientAccountId: account, awsRegion: region, kind };
  return logFileKey({}, group, AT, "abcdefghijklmnop");
}

describe("a log file's key", () => {
  it("carries the five-minute mark before delivery, and its day as folders", () => {
    expect(keyOf("111122223333", "eu-west-1")).toBe(
      "AWSLogs/111122223333/CloudTrail/eu-west-1/2026/02/03/" +
        "111122223333_CloudTrail_eu-west-1_20260203T0405Z_abcdefghijklmnop.json.gz",
    );
  });

  it.each([
    ["management", "CloudTrail"],
    ["data", "CloudTrail"],
    ["activity", "CloudTrail"],
    ["insight", "CloudTrail-Insight"],
    ["network-activity", "CloudTrail-NetworkActivity"],
    ["aggregated", "CloudTrail-Aggregated"],
  ] as const)("of %s events is under %s", (kind, folder) => {
    expect(keyOf("111122223333", "eu-west-1", kind).split("/")[2]).toBe(folder);
    expect(keyOf("111122223333", "eu-west-1", kind)).toContain(`111122223333_${folder}_eu-west-1_`);
  });

  it.each(["../x", "..", ".", "", "a/b", "\u0000", "a\\b", "é", "x".repeat(5_000), "..%2f"])(
    "keeps its shape when a record claims the account and region %j",
    (claim) => {
      const segments = keyOf(claim, claim).split("/");

      expect(segments).toHaveLength(8);
      expect(segments.every((segment) => /^[A-Za-z0-9!*'()._-]+$/.test(segment))).toBe(true);
      expect(segments).not.toContain("..");
      expect(segments).not.toContain(".");
      expect(segments.join("/").length).toBeLessThan(1_024 - 300);
    },
  );

  it("ends in 16 letters and digits that differ from file to file", () => {
    const suffixes = new Set(Array.from({ length: 100 }, randomSuffix));

    expect(suffixes.size).toBe(100);
    expect([...suffixes].every((suffix) => /^[A-Za-z0-9]{16}$/.test(suffix))).toBe(true);
  });
});
