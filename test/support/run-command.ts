import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { text } from "node:stream/consumers";

const MAIN = path.join(import.meta.dirname, "../../cli/main.ts");

/** What a run of the `opentrail` command came to. */
export interface CommandRun {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `opentrail ARGS` as a user of account 111122223333 against the endpoint. */
export function runCommand(endpoint: string, ...args: readonly string[]): Promise<CommandRun> {
  return runCommandWith({}, endpoint, ...args);
}

/** The same with variables in its environment. */
export async function runCommandWith(
  variables: Readonly<Record<string, string>>,
  endpoint: string,
  ...args: readonly string[]
): Promise<CommandRun> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: {
      ...process.env,
      OPENTRAIL_ENDPOINT: endpoint,
      AWS_ACCESS_KEY_ID: "111122223333",
      AWS_SECRET_ACCESS_KEY: "test",
      ...variables,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = once(child, "close");
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await exited;
  return { code: child.exitCode, out, err };
}
