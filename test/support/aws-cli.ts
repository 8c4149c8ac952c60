import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { describe } from "vitest";

/** What a command printed, and how it ended. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the AWS CLI as account 111122223333. @param env on top of the endpoint that all services have */
export type AwsCli = (
  endpoint: string,
  args: readonly string[],
  env?: Readonly<Record<string, string>>,
) => Promise<CommandResult>;

/**
 * A `describe` with the official AWS CLI. Without it, it is skipped, and says why; in CI its absence is a failure.
 * `OPENTRAIL_AWS_CLI` names the executable; else it is looked for in `.venv/bin`. One on the path is not taken: versions
 * differ in what they find (1.45 takes a log file with data behind its end for valid, 1.46 does not).
 */
export function describeWithAwsCli(title: string, body: (aws: AwsCli) => void): void {
  const executable = awsCli();
  if (executable === undefined) {
    if (process.env.CI) throw new Error("The AWS CLI is missing: see test/requirements.txt");
    describe.skip(`${title} (skipped: no AWS CLI, see test/requirements.txt)`, () => body(notFound));
    return;
  }
  describe(title, () =>
    body((endpoint, args, env = {}) => runCommand(executable, args, { ...cliEnvironment(endpoint), ...env })),
  );
}

/**
 * The same with version 2 of the AWS CLI, which alone has `aws logs tail`. `OPENTRAIL_AWS_CLI_V2` names the executable.
 * @param body is also given what starts a command that does not end by itself
 */
export function describeWithAwsCliV2(title: string, body: (aws: AwsCli, start: StartAwsCli) => void): void {
  const executable = process.env.OPENTRAIL_AWS_CLI_V2;
  if (executable === undefined || !existsSync(executable)) {
    if (process.env.CI) throw new Error("OPENTRAIL_AWS_CLI_V2 does not name a version 2 of the AWS CLI");
    describe.skip(`${title} (skipped: OPENTRAIL_AWS_CLI_V2 is not set)`, () => body(notFound, notFound));
    return;
  }
  // Versions before 2.13 do not read AWS_ENDPOINT_URL.
  const all = (endpoint: string, args: readonly string[]): readonly string[] => [
    "--endpoint-url",
    endpoint,
    ...args,
  ];
  describe(title, () =>
    body(
      (endpoint, args, env = {}) =>
        runCommand(executable, all(endpoint, args), { ...cliEnvironment(endpoint), ...env }),
      (endpoint, args) => spawn(executable, all(endpoint, args), { env: cliEnvironment(endpoint) }),
    ),
  );
}

/** Starts the AWS CLI. Whoever does ends it. */
type StartAwsCli = (endpoint: string, args: readonly string[]) => ChildProcessWithoutNullStreams;

function cliEnvironment(endpoint: string): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: "/nonexistent",
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: "111122223333",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_PAGER: "",
    // Into a pipe Python prints by the block.
    PYTHONUNBUFFERED: "1",
  };
}

/** Runs a command to its end. */
export function runCommand(
  executable: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(executable, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text) => {
        output[stream] += text;
      });
    }
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ exitCode, ...output }));
  });
}

function awsCli(): string | undefined {
  const candidates = [process.env.OPENTRAIL_AWS_CLI, path.join(import.meta.dirname, "../../.venv/bin/aws")];
  return candidates.find((candidate) => candidate !== undefined && existsSync(candidate));
}

function notFound(): never {
  throw new Error("There is no AWS CLI");
}
