import { readdirSync, readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import type { Plugin } from "esbuild";

/*
 * A cold start reads a bundle from its first byte to its last, and that is most of what it takes: some 45 ns a byte,
 * whether it runs or not. These plugins leave out what no function on Lambda runs, and esbuild's own shaking keeps.
 */

const ADAPTERS = path.join(import.meta.dirname, "../shared/adapters/aws");

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
 * An SDK client's schemas have two things that keep what nobody uses:
 * - Members like `[_h]: …`, with `const _h = "http"` above. A bundler keeps what has a computed name, as computing it
 *   might have an effect, and so all of S3's hundred operations. The name itself takes its place.
 * - A register of all errors of the service, each a class. Those stay that an adapter mentions, or that the SDK tries
 *   again for what their class says. Any other is thrown as the service's base class, with the same name and members.
 */
function leanSchemas(): Plugin {
  return {
    name: "lean-schemas",
    setup(build) {
      const mentioned = wordsOf(ADAPTERS);
      build.onLoad({ filter: /@aws-sdk[\\/].*[\\/]schemas_\d+\.js$/ }, async ({ path: file }) => {
        const [schemas, errors] = await Promise.all([
          readFile(file, "utf8"),
          readFile(path.join(path.dirname(file), "../models/errors.js"), "utf8"),
        ]);
        const retryable = new Set(
          [...errors.matchAll(/name = "(\w+)";\s+\$fault = "\w+";\s+\$retryable/g)].map(([, name]) => name),
        );
        const names = new Map(
          [...schemas.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, literal]) => [
            name,
            literal,
          ]),
        );
        const contents = schemas
          .replace(/\[(_\w+)\]: /g, (key, name) => (names.has(name) ? `${names.get(name)}: ` : key))
          .replace(/^n0_registry\.registerError\(\w+\$, (\w+)\);$/gm, (call, error) =>
            mentioned.has(error) || retryable.has(error) ? call : "",
          );
        return { contents, loader: "js" };
      });
    },
  };
}

/** All words in a folder's files. */
function wordsOf(folder: string): ReadonlySet<string> {
  const files = readdirSync(folder).map((name) => readFileSync(path.join(folder, name), "utf8"));
  return new Set(files.flatMap((text) => text.match(/\w+/g) ?? []));
}

/**
 * An SDK client whose service has operations with event streams, such as S3's SelectObjectContent, makes itself ready for
 * them. The functions send none.
 */
function withoutEventStreams(): Plugin {
  const namespace = "without-event-streams";
  return {
    name: namespace,
    setup(build) {
      build.onResolve({ filter: /^@smithy\/core\/event-streams$/ }, ({ path: name }) => ({
        path: name,
        namespace,
        sideEffects: false,
      }));
      build.onLoad({ filter: /.*/, namespace }, () => ({
        contents: `
          export const eventStreamSerdeProvider = () => undefined;
          export const resolveEventStreamSerdeConfig = (config) => config;`,
      }));
    },
  };
}

/**
 * What the SDK itself imports only where it comes to need it, which the functions never do: what reads event streams, and
 * names browsers. It would be bundled, and what it rests on kept whole.
 */
function withoutLateImports(): Plugin {
  return {
    name: "without-late-imports",
    setup(build) {
      build.onResolve({ filter: /^(?:bowser|@smithy\/core\/event-streams)$/ }, ({ kind, path: name }) =>
        kind === "dynamic-import" ? { path: name, external: true } : undefined,
      );
    },
  };
}

/**
 * What the SDK has for browsers' streams, of which Node's classes are loaded for the mere mention, and hashes in
 * JavaScript for a Node without OpenSSL.
 */
function withoutBrowsers(): Plugin {
  return {
    name: "without-browsers",
    setup(build) {
      build.onLoad(
        {
          filter: /[\\/](?:[cC]hecksumStream\.browser|sdk-stream-mixin\.browser|Sha256Js|Sha1Js|Md5Js)\.js$/,
        },
        async ({ path: file }) => {
          const names = [...(await readFile(file, "utf8")).matchAll(/^export (?:class|const) (\w+)/gm)];
          const contents = names.map(
            ([, name]) =>
              `export function ${name}() { throw new Error("The bundles of functions have no ${name}"); }`,
          );
          return { contents: contents.join("\n"), loader: "js" };
        },
      );
    },
  };
}

export const LEAN_PLUGINS: readonly Plugin[] = [
  leanJson(),
  leanSchemas(),
  withoutLateImports(),
  withoutEventStreams(),
  withoutBrowsers(),
];
