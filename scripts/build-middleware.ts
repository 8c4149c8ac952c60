import { execFileSync } from "node:child_process";
import path from "node:path";
import { build } from "esbuild";

const ROOT = path.join(import.meta.dirname, "..");

/** Builds what `opentrail/middleware` is in the package: one file without dependencies, and its types. */
export async function buildMiddleware(folder: string): Promise<void> {
  await build({
    absWorkingDir: ROOT,
    entryPoints: ["middleware/index.ts"],
    outfile: path.join(folder, "index.js"),
    bundle: true,
    platform: "node",
    format: "esm",
    // Applications' own functions may run on an older Node than ours.
    target: "node20",
    sourcemap: true,
    sourcesContent: false,
    logLevel: "warning",
  });
  const compiler = path.join(ROOT, "node_modules/typescript/bin/tsc");
  const settings = ["-p", "middleware/tsconfig.json", "--outDir", path.join(folder, "types")];
  execFileSync(process.execPath, [compiler, ...settings], { cwd: ROOT, stdio: "inherit" });
}
