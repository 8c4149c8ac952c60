import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

const MAIN = path.join(import.meta.dirname, "../../cli/main.ts");

/** The embedded host as a process of its own, as a user starts it. */
export interface HostProcess {
  readonly endpoint: string;
  readonly pid: number;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `opentrail start` on a free port. @throws with what it printed, if it does not become ready */
export async function startHostProcess(
  dataDir: string,
  options: readonly string[] = [],
  command: readonly string[] = [process.execPath],
): Promise<HostProcess> {
  const [program = process.execPath, ...before] = command;
  const child = spawn(program, [...before, MAIN, "start", "--port", "0", "--data-dir", dataDir, ...options], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  child.stderr.on("data", (chunk) => output.push(String(chunk)));
  const endpoint = await readyEndpoint(child, output);
  return {
    endpoint,
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill("SIGKILL");
      await exited(child);
    },
    stop: async () => {
      child.kill("SIGTERM");
      return exited(child);
    },
  };
}

async function readyEndpoint(child: ChildProcess, output: string[]): Promise<string> {
  if (child.stdout === null) {
    throw new Error("The host's output is not piped");
  }
  for await (const line of createInterface(child.stdout)) {
    output.push(`${line}\n`);
    const endpoint = /^OpenTrail is ready.*?(http:\S+)/.exec(line)?.[1];
    if (endpoint !== undefined) {
      child.stdout.resume();
      return endpoint.replace(/[.,]$/, "");
    }
  }
  throw new Error(`The host did not become ready:\n${output.join("")}`);
}

async function exited(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    await once(child, "exit");
  }
  return child.exitCode;
}
