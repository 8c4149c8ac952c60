import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { FUNCTION_BUNDLES, FUNCTIONS } from "../scripts/function-bundles.ts";
import { zippedBytes } from "../test/support/zipped-bytes.ts";
import { median, report } from "./measure.ts";

/*
 * How large each function's deployment package is, and how long a process takes that does nothing but import it, against
 * one that imports an empty handler: middy and one client of the SDK's, bundled alike. Which client: of those that the
 * function has, the largest. Processes take turns, and are compared by their CPU time, which others do not lengthen.
 *
 *   node bench/bundles.ts --runs 15
 *
 * It fails if a package is too large. Time is a matter of the machine, and is held against its bar only with --strict.
 */
const { values } = parseArgs({
  options: { runs: { type: "string", default: "15" }, strict: { type: "boolean", default: false } },
});
const runs = Number(values.runs);
const MOST_ZIPPED_BYTES = 300_000;
const MOST_TIMES_EMPTY = 1.3;

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
  const clientsOf = await bundleFunctions();
  const functions = new Map(FUNCTIONS.map((name) => [name, bundleAt(`${name}.cjs`)]));
  const clients = [...new Set([...clientsOf.values()].flat())];
  await Promise.all(clients.map(bundleEmpty));
  const empty = new Map(clients.map((client) => [client, bundleAt(`${client}.cjs`)]));
  const node: Bundle = { file: "", bytes: 0, wall: [], cpu: [] };
  for (let run = 0; run < runs; run += 1) {
    for (const bundle of [node, ...functions.values(), ...empty.values()]) importOnce(bundle);
  }
  const rows = [...functions].map(([name, bundle]) => {
    const [largest = ""] = [...(clientsOf.get(name) ?? [])].sort(
      (one, other) => bytesOf(empty, other) - bytesOf(empty, one),
    );
    const emptyBundle = empty.get(largest) ?? node;
    const times = median(bundle.cpu) / median(emptyBundle.cpu);
    if (bundle.bytes > MOST_ZIPPED_BYTES || (values.strict && times > MOST_TIMES_EMPTY)) process.exitCode = 1;
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

/** Bundles every function. Answers the SDK's clients that each has. */
async function bundleFunctions(): Promise<ReadonlyMap<string, readonly string[]>> {
  const { metafile } = await build({
    ...FUNCTION_BUNDLES,
    entryPoints: FUNCTIONS.map((name) => `functions/${name}.ts`),
    outbase: "functions",
    outdir: folder,
    metafile: true,
  });
  return new Map(
    Object.values(metafile.outputs).flatMap(({ entryPoint, inputs }) => {
      if (entryPoint === undefined) return [];
      const name = entryPoint.replace(/^functions\/(.*)\.ts$/, "$1");
      const clients = Object.keys(inputs).map((input) => CLIENT.exec(input)?.[1]);
      return [[name, [...new Set(clients.filter((client) => client !== undefined))]] as const];
    }),
  );
}

async function bundleEmpty(client: string): Promise<void> {
  const className = Object.keys(await import(client)).find((name) => /^[A-Z]\w*Client$/.test(name));
  await build({
    ...FUNCTION_BUNDLES,
    stdin: {
      resolveDir: path.join(import.meta.dirname, ".."),
      contents: `
        import middy from "@middy/core";
        import { ${className} } from "${client}";
        const client = new ${className}({ region: "us-east-1" });
        export const handler = middy(async () => client.config.region());`,
    },
    outfile: path.join(folder, `${client}.cjs`),
  });
}

function bundleAt(name: string): Bundle {
  const file = path.join(folder, name);
  return { file, bytes: zippedBytes(path.basename(file), readFileSync(file)), wall: [], cpu: [] };
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
