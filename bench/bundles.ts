import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import {
  type BundledFile,
  bundleFunction,
  bundleLikeFunction,
  FUNCTIONS,
} from "../scripts/function-bundles.ts";
import { zippedBytes } from "../test/support/zipped-bytes.ts";
import { median, report } from "./measure.ts";

/*
 * How large each function's deployment package is, and how long a process takes that does nothing but import it, against
 * one that imports an empty handler: middy and one client of the SDK's, bundled alike. Which client: of those that the
 * function has, the largest. Processes take turns, and are compared by their CPU time, which others do not lengthen.
 *
 *   node bench/bundles.ts --runs 15
 *
 * It fails if a package is too large. Time is a matter of the machine, and is held against its bar only with --strict; then
 * it fails if a median is more than a twentieth over, as far as medians of fifteen differ from one run to the next.
 */
const { values } = parseArgs({
  options: { runs: { type: "string", default: "15" }, strict: { type: "boolean", default: false } },
});
const runs = Number(values.runs);
const MOST_ZIPPED_BYTES = 300_000;
const MOST_TIMES_EMPTY = 1.3;
const TOLERANCE = 1.05;

const CLIENT = /node_modules\/(@aws-sdk\/client-[a-z0-9-]+)\//;
const pinned = spawnSync("taskset", ["-c", "0", "true"]).status === 0 ? ["taskset", "-c", "0"] : [];
const folder = mkdtempSync(path.join(tmpdir(), "opentrail-bench-"));

/** A bundle that can be imported. */
interface Bundle {
  readonly file: string;
  readonly bytes: number;
  /** What each process that imported it took, in ms: by the clock, and of CPU time, user and system. */
  readonly wall: number[];
  readonly cpu: number[];
}

try {
  const functions = new Map(
    await Promise.all(FUNCTIONS.map(async (name) => [name, await bundle(name)] as const)),
  );
  const clients = new Set([...functions.values()].flatMap(({ clients }) => clients));
  const empty = new Map(
    await Promise.all([...clients].map(async (client) => [client, await bundleEmpty(client)] as const)),
  );
  const node: Bundle = { file: "", bytes: 0, wall: [], cpu: [] };
  for (let run = 0; run < runs; run += 1) {
    for (const bundle of [node, ...functions.values(), ...empty.values()]) importOnce(bundle);
  }
  const rows = [...functions].map(([name, bundle]) => {
    const [largest = ""] = [...bundle.clients].sort(
      (one, other) => bytesOf(empty, other) - bytesOf(empty, one),
    );
    const emptyBundle = empty.get(largest) ?? node;
    const times = median(bundle.cpu) / median(emptyBundle.cpu);
    if (bundle.bytes > MOST_ZIPPED_BYTES || (values.strict && times > MOST_TIMES_EMPTY * TOLERANCE))
      process.exitCode = 1;
    return {
      function: name,
      "KB zipped": Math.round(bundle.bytes / 1_000),
      "bar KB": MOST_ZIPPED_BYTES / 1_000,
      "import ms": Math.round(median(bundle.wall)),
      "CPU ms": Math.round(median(bundle.cpu)),
      "empty handler with": largest.replace("@aws-sdk/", ""),
      "its CPU ms": Math.round(median(emptyBundle.cpu)),
      "times that": times.toFixed(2),
      bar: MOST_TIMES_EMPTY,
    };
  });
  report("bundles", rows);
  console.log(
    `Medians of ${runs} processes each. One that imports nothing takes ${Math.round(median(node.cpu))} ms of CPU.`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

/** Bundles a function. Answers how to import it, and the SDK's clients that it has. */
async function bundle(name: string): Promise<Bundle & { readonly clients: readonly string[] }> {
  const { files, modules } = await bundleFunction(name);
  const clients = modules.map((module) => CLIENT.exec(module)?.[1]);
  return {
    ...write(name, files),
    clients: [...new Set(clients.filter((client) => client !== undefined))],
  };
}

async function bundleEmpty(client: string): Promise<Bundle> {
  const className = Object.keys(await import(client)).find((name) => /^[A-Z]\w*Client$/.test(name));
  const { files } = await bundleLikeFunction({
    stdin: {
      resolveDir: path.join(import.meta.dirname, ".."),
      contents: `
        import middy from "@middy/core";
        import { ${className} } from "${client}";
        const client = new ${className}({ region: "us-east-1" });
        export const handler = middy(async () => client.config.region());`,
    },
  });
  return write(client, files);
}

function write(name: string, files: readonly BundledFile[]): Bundle {
  for (const file of files) {
    const target = path.join(folder, name, file.path);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, file.code);
  }
  return {
    file: path.join(folder, name, files[0]?.path ?? ""),
    bytes: zippedBytes(files),
    wall: [],
    cpu: [],
  };
}

function bytesOf(bundles: ReadonlyMap<string, Bundle>, name: string): number {
  return bundles.get(name)?.bytes ?? 0;
}

function importOnce({ file, wall, cpu }: Bundle): void {
  const script = `${file && `require(${JSON.stringify(file)});`} console.log(JSON.stringify(process.cpuUsage()))`;
  const [program = "", ...args] = [...pinned, process.execPath, "--eval", script];
  const env = { ...process.env, AWS_REGION: "us-east-1" };
  const before = performance.now();
  const { status, stdout, stderr } = spawnSync(program, args, { env, encoding: "utf8" });
  wall.push(performance.now() - before);
  if (status !== 0) throw new Error(`${file} cannot be imported: ${stderr}`);
  const { user, system } = JSON.parse(stdout) as NodeJS.CpuUsage;
  cpu.push((user + system) / 1_000);
}
