import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { BuildOptions, Plugin } from "esbuild";

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
  plugins: [leanJson(), literalSchemaKeys(), withoutEventStreams()],
};

/**
 * Of a `package.json` the SDK's clients and the endpoint need the version alone. A service model is read faster as JSON
 * than as an object of JavaScript: https://v8.dev/blog/cost-of-javascript-2019#json
 */
function leanJson(): Plugin {
  return {
    name: "lean-json",
    setup(build) {
      build.onLoad({ filter: /[\\/]package\.json$/ }, async ({ path: file }) => {
        const { version } = JSON.parse(await readFile(file, "utf8")) as { readonly version: string };
        return { contents: JSON.stringify({ version }), loader: "json" };
      });
      build.onLoad({ filter: /[\\/]service-model\.json$/ }, async ({ path: file }) => {
        const model = JSON.stringify(JSON.parse(await readFile(file, "utf8")));
        return { contents: `export default JSON.parse(${JSON.stringify(model)});`, loader: "js" };
      });
    },
  };
}

/**
 * An SDK client's schemas have members like `[_h]: …`, with `const _h = "http"` above. A bundler keeps what has a
 * computed name, as computing it might have an effect, and so all of S3's hundred operations. With the name itself in
 * its place, operations that nobody sends are left out.
 */
function literalSchemaKeys(): Plugin {
  return {
    name: "literal-schema-keys",
    setup(build) {
      build.onLoad({ filter: /@aws-sdk[\\/].*[\\/]schemas_\d+\.js$/ }, async ({ path: file }) => {
        const text = await readFile(file, "utf8");
        const names = new Map(
          [...text.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, literal]) => [name, literal]),
        );
        return {
          contents: text.replace(/\[(_\w+)\]: /g, (key, name) =>
            names.has(name) ? `${names.get(name)}: ` : key,
          ),
          loader: "js",
        };
      });
    },
  };
}

/**
 * The SDK imports what reads event streams when an operation has one, such as S3's SelectObjectContent. The functions send
 * none; and what is imported so has the bundler keep all that it rests on whole.
 */
function withoutEventStreams(): Plugin {
  const namespace = "without-event-streams";
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ kind, path: name }) =>
        kind === "dynamic-import" ? { path: name, namespace } : undefined,
      );
      build.onLoad({ filter: /.*/, namespace }, () => ({
        contents: 'throw new Error("The bundles of functions have no operations with event streams");',
      }));
    },
  };
}
