import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { packageStack } from "../support/packaged-stack.ts";

vi.setConfig({ testTimeout: 300_000 });

/** Regions differ in what they have: GovCloud, for one, has no function URLs. */
const REGIONS = ["us-east-1", "eu-central-1", "ap-southeast-2", "cn-north-1"];

const HOME = {
  homeRegion: "us-east-1",
  homeTopicArn: "arn:aws:sns:us-east-1:111122223333:opentrail-prod-activity",
  homeBlocksBucket: "opentrail-prod-blocks",
};

const STACKS: Readonly<Record<string, Parameters<typeof packageStack>>> = {
  "the stack with all that may be switched on": [
    "prod",
    {
      restartAwsTrails: "on",
      collectorAccounts: "444455556666",
      sourceBuckets: "source-logs",
      trailBuckets: "other-*,more",
    },
  ],
  "the stack that emits on the default bus": ["prod", { defaultBus: "destination" }],
  "a collector's stack": ["prod", HOME, "serverless.collector.yml"],
};

/** `OPENTRAIL_CFN_LINT` names the executable; else it is looked for in `.venv/bin`. */
const executable = [
  process.env.OPENTRAIL_CFN_LINT,
  path.join(import.meta.dirname, "../../.venv/bin/cfn-lint"),
].find((candidate) => candidate !== undefined && existsSync(candidate));

if (executable === undefined && process.env.CI) {
  throw new Error("cfn-lint is missing: see test/requirements.txt");
}

describe.skipIf(executable === undefined)(
  "cfn-lint (skipped where it is not: see test/requirements.txt)",
  () => {
    it.each(Object.entries(STACKS))("finds nothing in %s", async (_, stack) => {
      const { templateFile, remove } = await packageStack(...stack);

      const findings = await promisify(execFile)(executable ?? "", [
        ...["--template", templateFile],
        ...["--regions", ...REGIONS],
      ]).then(
        ({ stdout }) => stdout,
        ({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
      );

      remove();
      expect(findings).toBe("");
    });
  },
);
