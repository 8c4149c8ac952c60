import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithBoto3 } from "../support/boto3.ts";
import { startTestHost, type TestHost } from "../support/embedded-host.ts";

const ARN = "arn:aws:cloudtrail:us-east-1:111122223333:trail/boto3";

describeWithBoto3("boto3", (run) => {
  let host: TestHost;

  beforeAll(async () => {
    host = await startTestHost();
  });

  afterAll(() => host.remove());

  test("makes trails and channels, puts and finds events, and knows the errors by their classes", async () => {
    const { stdout, stderr } = await run(host.endpoint, path.join(import.meta.dirname, "boto3-calls.py"));

    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual({
      trail: ARN,
      isLogging: true,
      startedIsTime: true,
      unknown: {
        Code: "TrailNotFoundException",
        Message: `Unknown trail: ${ARN.replace("boto3", "nobody")} for the user: 111122223333`,
      },
      noInsights: `Trail ${ARN} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again.`,
      put: [1, 0],
      noChannel: "ChannelNotFound",
      "looked up": expect.arrayContaining(["CreateTrail", "GetTrail", "CreateChannel", "DeleteChannel"]),
      trails: ["boto3"],
    });
  });
});
