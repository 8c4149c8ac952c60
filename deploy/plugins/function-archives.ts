import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { build } from "esbuild";
import { ZipFile } from "yazl";
import { FUNCTION_BUNDLES } from "../../scripts/function-bundles.ts";
import type { Hooks, Serverless } from "./serverless.ts";

/** The first moment that a ZIP archive can name, in any time zone: equal sources make equal archives. */
const ANY_TIME = new Date(1980, 0, 1);

/** Bundles the functions and gives each an archive of its own with one file, named as its handler says. */
export default class FunctionArchives {
  readonly hooks: Hooks;

  constructor(serverless: Serverless) {
    this.hooks = { "before:package:createDeploymentArtifacts": () => archiveFunctions(serverless) };
  }
}

async function archiveFunctions({ serviceDir, service }: Serverless): Promise<void> {
  const folder = path.join(serviceDir, ".serverless");
  const functions = Object.entries(service.functions);
  const names = new Set(functions.map(([, { handler }]) => moduleOf(handler)));
  const bundles = path.join(folder, "functions");
  await build({
    ...FUNCTION_BUNDLES,
    entryPoints: [...names].map((name) => `functions/${name}.ts`),
    outbase: "functions",
    outdir: bundles,
  });
  for (const [name, settings] of functions) {
    const module = moduleOf(settings.handler);
    const artifact = path.join(folder, `${name}.zip`);
    const content = await readFile(path.join(bundles, `${module}.cjs`));
    // Not every emulator finds a .cjs. Without a package.json beside it a .js is CommonJS just as well.
    await writeFile(artifact, await archive(`${module}.js`, content));
    settings.package = { artifact };
  }
}

/** `deliver/log-files.handler` → `deliver/log-files`. */
function moduleOf(handler: string): string {
  return handler.slice(0, handler.lastIndexOf("."));
}

async function archive(name: string, content: Buffer): Promise<Buffer> {
  const zip = new ZipFile();
  zip.addBuffer(content, name, { mtime: ANY_TIME, mode: 0o100644, forceDosTimestamp: true });
  zip.end();
  return buffer(zip.outputStream);
}
