import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** A MiniStack of its own. */
export interface MiniStack {
  /** `http://127.0.0.1:<port>` */
  readonly endpoint: string;
  /** What it printed so far. */
  output(): string;
  stop(): Promise<void>;
}

/** The `ministack` executable: `OPENTRAIL_MINISTACK` names it; else it is looked for in `.venv-ministack/bin`. */
export function findMiniStack(): string | undefined {
  const ours = path.join(import.meta.dirname, "../../.venv-ministack/bin/ministack");
  return [process.env.OPENTRAIL_MINISTACK, ours].find((file) => file !== undefined && existsSync(file));
}

/**
 * Starts MiniStack on loopback and waits until it serves.
 * @param functionsEndpoint what functions are told to be the endpoint of all services
 */
export async function startMiniStack(
  executable: string,
  port: number,
  functionsEndpoint: string,
): Promise<MiniStack> {
  const folder = mkdtempSync(path.join(tmpdir(), "opentrail-ministack-"));
  const outputFile = path.join(folder, "output");
  const output = openSync(outputFile, "a");
  const server = spawn(executable, [], {
    cwd: folder,
    env: {
      // The functions run on the `node` that is first on the path: the one that runs the tests.
      PATH: `${path.dirname(process.execPath)}:${process.env.PATH}`,
      HOME: folder,
      GATEWAY_PORT: String(port),
      BIND_HOST: "127.0.0.1",
      IOT_MTLS_ENABLED: "0",
      AWS_ENDPOINT_URL: functionsEndpoint,
    },
    stdio: ["ignore", output, output],
  });
  process.once("exit", () => server.kill());
  const endpoint = `http://127.0.0.1:${port}`;
  const stack: MiniStack = {
    endpoint,
    output: () => readFileSync(outputFile, "utf8"),
    stop: async () => {
      await ended(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  for (let attempt = 0; attempt < 300 && server.exitCode === null; attempt += 1) {
    const health = await fetch(`${endpoint}/_ministack/health`).catch(() => undefined);
    if (health?.ok) return stack;
    await sleep(100);
  }
  const printed = stack.output();
  await stack.stop();
  throw new Error(`${executable} did not start: ${printed}`);
}

async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const exited = new Promise((resolve) => server.once("exit", resolve));
  server.kill();
  await exited;
}
