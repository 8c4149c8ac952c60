import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe } from "vitest";
import { freePort } from "./free-port.ts";

const REGION = "us-east-1";

/** Settings of an SDK client that talks to moto. Read after `beforeAll`. */
export interface MotoClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/**
 * A `describe` with a moto server of its own. Without moto it is skipped, and says why; in CI its absence is a
 * failure. `OPENTRAIL_MOTO` names the `moto_server` executable; else it is looked for in `.venv/bin` and on the path.
 * @param body given a function that answers the clients' settings while tests run
 */
export function describeWithMoto(title: string, body: (config: () => MotoClientConfig) => void): void {
  const executable = motoServer();
  if (executable === undefined) {
    if (process.env.CI) throw new Error("moto_server is missing: see test/requirements.txt");
    describe.skip(`${title} (skipped: no moto_server, see test/requirements.txt)`, () => body(notRunning));
    return;
  }
  describe(title, () => {
    let running: { readonly server: ChildProcess; readonly endpoint: string } | undefined;

    beforeAll(async () => {
      running = await startMoto(executable);
    });

    afterAll(async () => {
      running?.server.kill();
    });

    body(() => {
      if (running === undefined) return notRunning();
      const credentials = { accessKeyId: "111122223333", secretAccessKey: "secret" };
      return { endpoint: running.endpoint, region: REGION, credentials };
    });
  });
}

function notRunning(): never {
  throw new Error("moto is not running");
}

function motoServer(): string | undefined {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  const candidates = [
    process.env.OPENTRAIL_MOTO,
    path.join(import.meta.dirname, "../../.venv/bin/moto_server"),
    ...folders.map((folder) => path.join(folder, "moto_server")),
  ];
  return candidates.find((candidate) => candidate !== undefined && existsSync(candidate));
}

async function startMoto(executable: string): Promise<{ server: ChildProcess; endpoint: string }> {
  const port = await freePort();
  const server = spawn(executable, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  process.once("exit", () => server.kill());
  const endpoint = `http://127.0.0.1:${port}`;
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (server.exitCode !== null) break;
    const answer = await fetch(`${endpoint}/moto-api/`).catch(() => undefined);
    if (answer?.ok) return { server, endpoint };
    await sleep(100);
  }
  server.kill();
  throw new Error(`${executable} did not start`);
}
