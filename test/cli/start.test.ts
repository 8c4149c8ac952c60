import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const MAIN = path.join(import.meta.dirname, "../../cli/main.ts");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "opentrail-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, "start", "--port", "0", ...args], { cwd: folder });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const err = text(child.stderr);
  const firstLine = new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve));
  return { child, exited, err, firstLine };
}

function endpointIn(line: string): string {
  return /http:\/\/\S+/.exec(line)?.[0] ?? "";
}

describe("opentrail start", () => {
  test("says in one line where it serves once it does, and ends with 0 on SIGTERM", async () => {
    const host = start("--data-dir", "one");
    const line = await host.firstLine;

    const health = await fetch(`${endpointIn(line)}/_opentrail/health`);
    host.child.kill("SIGTERM");

    expect(line).toMatch(/^OpenTrail is ready at http:\/\/127\.0\.0\.1:\d+ /);
    expect(health.status).toBe(200);
    expect(await host.exited).toBe(0);
  });

  test("a data folder that another host has, and a port that is taken, are told in one line", async () => {
    const host = start("--data-dir", "two");
    const { port } = new URL(endpointIn(await host.firstLine));

    const sameFolder = start("--data-dir", "two");
    const samePort = start("--data-dir", "three", "--port", port);

    expect(await sameFolder.exited).toBe(1);
    expect(await sameFolder.err).toMatch(/^opentrail: The host could not start: .*\n$/);
    expect(await samePort.exited).toBe(1);
    expect(await samePort.err).toMatch(/^opentrail: Port \d+ of 127\.0\.0\.1 is taken.*\n$/);
    host.child.kill("SIGINT");
    expect(await host.exited).toBe(0);
  });

  test("accounts of an organization without its id, and an id that is none, are told", async () => {
    const noOrganization = start("--data-dir", "four", "--member-accounts", "444455556666");
    const noId = start("--data-dir", "four", "--organization", "example");

    expect([await noOrganization.exited, await noId.exited]).toEqual([2, 2]);
    expect(await noOrganization.err).toMatch(/no --organization/);
    expect(await noId.err).toMatch(/such as o-exampleorgid/);
  });
});
