import { expect, inject, it } from "vitest";
import { describeWithAwsCli } from "../support/aws-cli.ts";
import { endpointUrl } from "./endpoint.ts";
import { ACCOUNT, deliveredEventIds, digestKeys, eventually, KEY } from "./world.ts";

/** Of 1-flow: by now its interval is over. */
const TRAIL = "flow";
const TRAIL_ARN = `arn:aws:cloudtrail:us-east-1:${ACCOUNT}:trail/${TRAIL}`;

describeWithAwsCli("the official AWS CLI", (aws) => {
  it("finds the digests valid that the schedule makes, and the log files in them", async () => {
    expect((await deliveredEventIds(TRAIL)).size).toBeGreaterThan(25);
    await eventually("no digest was made", async () => (await digestKeys(TRAIL)).length > 0, 170);

    const since = new Date(Date.now() - 3_600_000).toISOString();
    const { stdout, stderr } = await aws(
      inject("emulator"),
      ["cloudtrail", "validate-logs", "--trail-arn", TRAIL_ARN, "--start-time", since],
      {
        AWS_ENDPOINT_URL_CLOUDTRAIL: endpointUrl(),
        AWS_ACCESS_KEY_ID: KEY.accessKeyId,
        AWS_SECRET_ACCESS_KEY: KEY.secretAccessKey,
      },
    );

    expect(stderr).toBe("");
    expect(stdout).toMatch(/\n([1-9]\d*)\/\1 digest files valid/);
    expect(stdout).toMatch(/\n([1-9]\d*)\/\1 log files valid/);
  });
});
