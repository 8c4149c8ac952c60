import { spawnSync } from "node:child_process";
import path from "node:path";

/*
 * `npm run bench`: every bench of the pipeline, one after the other. What is measured in CPU seconds is pinned to
 * one core where the machine has `taskset`. Arguments go to the first: `npm run bench -- --records 20000 --runs 1`.
 */
const pinned = spawnSync("taskset", ["-c", "0", "true"]).status === 0 ? ["taskset", "-c", "0"] : [];
const args = process.argv.slice(2);

run([...pinned, process.execPath, "--expose-gc", bench("pipeline.ts"), ...args]);
run([process.execPath, bench("remediation.ts")]);
if (args.length === 0) {
  run([process.execPath, bench("memory.ts")]);
  run([process.execPath, bench("../build.ts")]);
  run([process.execPath, bench("lambda-batch.ts")]);
  run([process.execPath, bench("bundles.ts")]);
  run([process.execPath, bench("import-log-files.ts")]);
  run([...pinned, process.execPath, bench("activity-events.ts")]);
}

function bench(name: string): string {
  return path.join(import.meta.dirname, name);
}

function run([program = "", ...programArgs]: readonly string[]): void {
  const { status } = spawnSync(program, programArgs, { stdio: "inherit" });
  if (status !== 0) {
    process.exit(status ?? 1);
  }
}
