import { readdirSync } from "node:fs";
import path from "node:path";
import type { BuildOptions } from "esbuild";
import { LEAN_PLUGINS } from "./lean-bundles.ts";

const root = path.join(import.meta.dirname, "..");

/** Every function: the path of its handler's file below `functions`, without its ending, such as `deliver/history`. */
export const FUNCTIONS: readonly string[] = readdirSync(path.join(root, "functions"), {
  recursive: true,
  withFileTypes: true,
})
  .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
  .map((entry) => path.relative(path.join(root, "functions"), path.join(entry.parentPath, entry.name)))
  .map((file) => file.slice(0, -".ts".length))
  .sort();

/**
 * How functions are bundled: each one file with everything in it, since an SDK from the runtime loads more slowly. Code
 * that is not there need not be read at a cold start, so what the SDK brings for other places than Lambda is left out.
 */
export const FUNCTION_BUNDLES: BuildOptions = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node24",
  sourcemap: true,
  sourcesContent: false,
  logLevel: "warning",
  outExtension: { ".js": ".cjs" },
  format: "cjs",
  minify: true,
  keepNames: true,
  // The SDK's ES modules shake better than its CommonJS: 459 KB in place of 743 with three clients.
  mainFields: ["module", "main"],
  alias: {
    "@aws-sdk/credential-provider-node": path.join(root, "shared/adapters/aws/function-credentials.ts"),
  },
  plugins: [...LEAN_PLUGINS],
};
