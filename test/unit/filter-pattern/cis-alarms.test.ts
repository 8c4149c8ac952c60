import { describe, expect, test } from "vitest";
import { compileFilterPattern } from "../../../shared/filter-pattern/filter-pattern.ts";
import { CIS_ALARMS } from "../../support/cis-alarms.ts";

describe("the alarms of the CIS AWS Foundations Benchmark", () => {
  test.each(CIS_ALARMS)("%s", (_what, pattern, raising, quiet) => {
    const matches = compileFilterPattern(pattern);

    expect(raising.map(matches)).toEqual(raising.map(() => true));
    expect(quiet.map(matches)).toEqual(quiet.map(() => false));
  });
});
