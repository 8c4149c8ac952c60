import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { CommandFailure } from "../command-failure.ts";
import { EXIT } from "../exit-code.ts";
import { READY } from "../start.ts";

/** The embedded host, running as a process of its own. */
export interface HostProcess {
  readonly endpoint: string;
  /** What it has written to standard error. */
  log(): string;
  /** Asks it to deliver what it holds and end; ends it where it does not. */
  stop(): Promise<void>;
}

const STARTS_WITHIN = 10_000;
const STOPS_WITHIN = 5_000;

/**
 * Runs `opentrail start` with these arguments, by the same program that runs now, and waits until it serves.
 * @throws CommandFailure with what it said, where it does not
 */
export async function startHostProcess(args: readonly string[]): Promise<HostProcess> {
  const [command = ""] = process.argv.slice(1);
  const child = spawn(process.execPath, [...process.execArgv, command, "start", ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: withoutSettings(process.env),
  });
  const killWithUs = (): void => void child.kill("SIGKILL");
  const leave = (): void => process.exit(EXIT.interrupted);
  process.once("exit", killWithUs).once("SIGTERM", leave).once("SIGINT", leave);
  const errors: string[] = [];
  child.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const endpoint = await Promise.race([
    readEndpoint(child),
    once(child, "error").then(() => undefined),
    sleep(STARTS_WITHIN, undefined, { ref: false }),
  ]);
  if (endpoint === undefined) {
    child.kill("SIGKILL");
    throw new CommandFailure(`The host did not start. It said: ${errors.join("").trim() || "nothing"}`);
  }
  return {
    endpoint,
    log: () => errors.join(""),
    stop: async () => {
      process.off("exit", killWithUs).off("SIGTERM", leave).off("SIGINT", leave);
      await stopChild(child);
    },
  };
}

/** The environment without OpenTrail's own variables: the demo's host must be as the demo says, not the user's. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith("OPENTRAIL_")));
}

async function readEndpoint(
  child: ChildProcess & { readonly stdout: NodeJS.ReadableStream },
): Promise<string | undefined> {
  for await (const line of createInterface(child.stdout)) {
    if (line.startsWith(READY)) {
      child.stdout.resume();
      return line.slice(READY.length).split(" ")[0];
    }
  }
  return undefined;
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) {
    return;
  }
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const ended = await Promise.race([exited.then(() => true), sleep(STOPS_WITHIN, false, { ref: false })]);
  if (!ended) {
    child.kill("SIGKILL");
    await exited;
  }
}
