import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { buffer } from "node:stream/consumers";
import { ZipFile } from "yazl";
import { type BundledFile, bundleFunction, type FunctionBundle } from "../../scripts/function-bundles.ts";
import type { Hooks, Serverless } from "./serverless.ts";

/** The first moment that a ZIP archive can name, in any time zone: equal sources make equal archives. */
const ANY_TIME = new Date(1980, 0, 1);

/** Bundles the functions and gives each an archive of its own, with the handler's file named as the handler says. */
export default class FunctionArchives {
  readonly hooks: Hooks;

  constructor(serverless: Serverless) {
    this.hooks = { "before:package:createDeploymentArtifacts": () => archiveFunctions(serverless) };
  }
}

async function archiveFunctions({ serviceDir, service }: Serverless): Promise<void> {
  const folder = path.join(serviceDir, ".serverless");
  await mkdir(folder, { recursive: true });
  const bundles = new Map<string, Promise<FunctionBundle>>();
  for (const [name, settings] of Object.entries(service.functions)) {
    const module = moduleOf(settings.handler);
    const bundle = bundles.get(module) ?? bundleFunction(module);
    bundles.set(module, bundle);
    const artifact = path.join(folder, `${name}.zip`);
    await writeFile(artifact, await archive((await bundle).files));
    settings.package = { artifact };
  }
}

/** `deliver/log-files.handler` → `deliver/log-files`. */
function moduleOf(handler: string): string {
  return handler.slice(0, handler.lastIndexOf("."));
}

async function archive([handler, ...others]: readonly BundledFile[]): Promise<Buffer> {
  const zip = new ZipFile();
  const add = (name: string, code: string): void =>
    zip.addBuffer(Buffer.from(code), name, { mtime: ANY_TIME, mode: 0o100644, forceDosTimestamp: true });
  // Not every emulator finds a .cjs. Without a package.json beside it a .js is CommonJS just as well.
  if (handler) add(handler.path.replace(/\.cjs$/, ".js"), handler.code);
  for (const { path: file, code } of others) add(file, code);
  zip.end();
  return buffer(zip.outputStream);
}
