import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { describe } from "vitest";
import { type CommandResult, runCommand } from "./aws-cli.ts";

/** Runs a Python script with boto3 as account 111122223333. @param script a file beside the tests */
export type Boto3 = (endpoint: string, script: string, args?: readonly string[]) => Promise<CommandResult>;

/**
 * A `describe` with boto3. Without it, it is skipped, and says why; in CI its absence is a failure. `OPENTRAIL_PYTHON`
 * names the interpreter that has it; else `.venv/bin/python` does.
 */
export function describeWithBoto3(title: string, body: (run: Boto3) => void): void {
  const python = process.env.OPENTRAIL_PYTHON ?? path.join(import.meta.dirname, "../../.venv/bin/python");
  if (!existsSync(python) || spawnSync(python, ["-c", "import boto3"]).status !== 0) {
    if (process.env.CI) throw new Error("boto3 is missing: see test/requirements.txt");
    describe.skip(`${title} (skipped: no boto3, see test/requirements.txt)`, () => body(notFound));
    return;
  }
  describe(title, () =>
    body((endpoint, script, args = []) =>
      runCommand(python, [script, ...args], {
        HOME: "/nonexistent",
        AWS_ENDPOINT_URL: endpoint,
        AWS_ACCESS_KEY_ID: "111122223333",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_DEFAULT_REGION: "us-east-1",
        AWS_EC2_METADATA_DISABLED: "true",
      }),
    ),
  );
}

function notFound(): never {
  throw new Error("There is no boto3");
}
