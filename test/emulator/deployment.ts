import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";

const ROOT = path.join(import.meta.dirname, "../..");
const SERVERLESS = path.join(ROOT, "node_modules/serverless/bin/serverless.js");
const STAGE = "local";
const STACK = `opentrail-${STAGE}`;

/** Settings of SDK clients of the emulator's services. */
export function emulatorSettings(endpoint: string) {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { endpoint, region: "us-east-1", credentials, maxAttempts: 3 };
}

/** `serverless deploy`, as a user runs it. @returns what it printed */
export function deploy(endpoint: string, parameters: Readonly<Record<string, string>> = {}): Promise<string> {
  const given = Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`);
  return serverless(endpoint, ["deploy", ...given]);
}

/** `serverless remove`. @returns what it printed */
export function remove(endpoint: string): Promise<string> {
  return serverless(endpoint, ["remove"]);
}

async function serverless(endpoint: string, args: readonly string[]): Promise<string> {
  const { credentials, region } = emulatorSettings(endpoint);
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [SERVERLESS, ...args, "--stage", STAGE],
    {
      cwd: ROOT,
      env: {
        ...process.env,
        AWS_ENDPOINT_URL: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
        NO_COLOR: "1",
        SLS_TELEMETRY_DISABLED: "1",
      },
    },
  );
  return stdout + stderr;
}

/** What the stack says of itself, by the outputs' names. */
export async function outputsOf(endpoint: string): Promise<Readonly<Record<string, string>>> {
  const client = new CloudFormationClient(emulatorSettings(endpoint));
  const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: STACK }));
  const outputs = (Stacks[0]?.Outputs ?? []).map(({ OutputKey = "", OutputValue = "" }) => [
    OutputKey,
    OutputValue,
  ]);
  return Object.fromEntries(outputs);
}
