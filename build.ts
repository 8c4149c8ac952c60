import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";
import { buildMiddleware } from "./scripts/build-middleware.ts";
import { bundleFunction, FUNCTIONS } from "./scripts/function-bundles.ts";

/*
 * Bundles what leaves the repository: the command for npm (its dependencies are installed beside it), the middleware
 * for applications with its types, and the Lambda functions.
 */
const root = import.meta.dirname;
rmSync(path.join(root, "dist"), { recursive: true, force: true });

await build({
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node24",
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
  entryPoints: ["cli/opentrail.ts"],
  outdir: "dist/cli",
  format: "esm",
  packages: "external",
  // The host and what it needs of Node in files of their own: the entry must load on an older Node.
  splitting: true,
  banner: { js: "#!/usr/bin/env node" },
});
chmodSync(path.join(root, "dist/cli/opentrail.js"), 0o755);

await buildMiddleware(path.join(root, "dist/middleware"));

for (const name of FUNCTIONS) {
  for (const { path: file, code, sourceMap } of (await bundleFunction(name)).files) {
    const target = path.join(root, "dist/functions", file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, `${code}//# sourceMappingURL=${path.basename(file)}.map\n`);
    writeFileSync(`${target}.map`, sourceMap);
  }
}

console.log(
  `dist/cli/opentrail.js, dist/middleware/index.js and ${FUNCTIONS.length} functions in dist/functions`,
);
