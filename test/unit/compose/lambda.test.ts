import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { accountOf, lambdaHandler, metrics } from "../../../shared/compose/lambda.ts";

describe("a function's handler", () => {
  let lines: string[];

  beforeEach(() => {
    lines = [];
    vi.spyOn(process.stdout, "write").mockImplementation((line) => {
      lines.push(String(line));
      return true;
    });
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("works without Lambda's context, as on the embedded host", async () => {
    const handler = lambdaHandler(async (event: number, context) => [event, accountOf(context)]);

    expect(await handler(7)).toEqual([7, "000000000000"]);
    expect(lines).toEqual([]);
  });

  it("counts reach CloudWatch in its embedded format, those of a function that failed too", async () => {
    const handler = lambdaHandler(async () => {
      metrics.count("Plain", 2);
      metrics.count("Plain", 3);
      metrics.count("WithDimension", 1, { stage: "log-files" });
      throw new Error("failed");
    });

    await expect(handler({})).rejects.toThrow("failed");

    const [single, plain] = lines.map((line) => JSON.parse(line));
    expect(single).toMatchObject({ WithDimension: 1, stage: "log-files" });
    expect(plain).toMatchObject({ Plain: [2, 3] });
    expect(plain._aws.CloudWatchMetrics[0]).toMatchObject({ Namespace: "OpenTrail" });
  });
});
