import { readdirSync } from "node:fs";
import path from "node:path";
import { type BuildOptions, build, type OutputFile, transform } from "esbuild";
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

/** What source maps are relative to. */
const OUT = path.join(root, "dist/functions");

/** A file of a function's package. */
export interface BundledFile {
  /** Below the package's root: the handler's is `deliver/history.cjs`. */
  readonly path: string;
  readonly code: string;
  readonly sourceMap: string;
}

/** A function's package. */
export interface FunctionBundle {
  /** The handler's file, and then what it requires. */
  readonly files: readonly BundledFile[];
  /** All modules that some of it comes from, as paths from the root of the repository. */
  readonly modules: readonly string[];
}

/**
 * How functions are bundled: with everything in the bundle, since an SDK from the runtime loads more slowly, and nothing
 * that Lambda has no use for. What is imported by `import()` is in a file of its own, which a cold start does not read.
 */
const OPTIONS = {
  absWorkingDir: root,
  outdir: OUT,
  bundle: true,
  write: false,
  metafile: true,
  platform: "node",
  target: "node24",
  sourcemap: "inline",
  sourcesContent: false,
  logLevel: "warning",
  outExtension: { ".js": ".cjs" },
  chunkNames: "chunks/[name]-[hash]",
  format: "esm",
  splitting: true,
  keepNames: true,
  // The SDK's ES modules shake better than its CommonJS: 459 KB in place of 743 with three clients.
  mainFields: ["module", "main"],
  alias: {
    "@aws-sdk/credential-provider-node": path.join(root, "shared/adapters/aws/function-credentials.ts"),
  },
  plugins: [...LEAN_PLUGINS],
} satisfies BuildOptions;

/** Bundles a function: a name of `FUNCTIONS`. */
export function bundleFunction(name: string, { minify = true } = {}): Promise<FunctionBundle> {
  return bundleLikeFunction({ entryPoints: [`functions/${name}.ts`], outbase: "functions", minify });
}

/** Bundles other code in the same way. */
export async function bundleLikeFunction(
  entry: Pick<BuildOptions, "entryPoints" | "outbase" | "stdin" | "minify">,
): Promise<FunctionBundle> {
  const options = { ...OPTIONS, ...entry, minify: entry.minify ?? true };
  const { outputFiles, metafile } = await build(options);
  const files = await Promise.all(
    outputFiles.map(async (file) => ({
      path: path.relative(OUT, file.path),
      ...(await commonJs(file, options)),
    })),
  );
  const outputs = Object.values(metafile.outputs);
  return { files, modules: [...new Set(outputs.flatMap(({ inputs }) => Object.keys(inputs)))] };
}

/**
 * esbuild splits ES modules alone. Lambda imports those more slowly than CommonJS, whose modules it reads at once, and not
 * every emulator takes them.
 */
async function commonJs(
  { text }: OutputFile,
  { minify }: { readonly minify: boolean },
): Promise<Omit<BundledFile, "path">> {
  const { code, map } = await transform(text, {
    format: "cjs",
    platform: "node",
    target: "node24",
    // Turned into require(), which does without Node's loader of ES modules.
    supported: { "dynamic-import": false },
    minify,
    sourcemap: "external",
    sourcesContent: false,
  });
  return { code, sourceMap: map };
}
