import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import type { Template } from "../../deploy/plugins/serverless.ts";

const ROOT = path.join(import.meta.dirname, "../..");
const SERVERLESS = path.join(ROOT, "node_modules/serverless/bin/serverless.js");

/** What `serverless package` makes. */
export interface PackagedStack {
  readonly template: Template;
  /** Of the template, as JSON. */
  readonly templateFile: string;
  /** As the stage and the command line have them. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** The archive of a function. */
  archive(functionName: string): Buffer;
  remove(): void;
}

/**
 * Packages the stack as `serverless package` does: without an account and without the network, in a folder of its own,
 * so that several may be packaged at one time.
 * @param parameters those that differ from their defaults
 * @param config the file at the repository's top that says what is in the stack
 * @throws Error with what serverless printed, if it refuses
 */
export async function packageStack(
  stage = "prod",
  parameters: Readonly<Record<string, string>> = {},
  config = "serverless.yml",
): Promise<PackagedStack> {
  const folder = mkdtempSync(path.join(tmpdir(), "opentrail-stack-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  copyFileSync(path.join(ROOT, config), path.join(folder, config));
  // A link, since the plugins in it import from the repository.
  symlinkSync(path.join(ROOT, "deploy"), path.join(folder, "deploy"));
  const given = Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`);
  try {
    await promisify(execFile)(
      process.execPath,
      [SERVERLESS, "package", "--config", config, "--stage", stage, ...given],
      {
        cwd: folder,
        env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: "1", SLS_TELEMETRY_DISABLED: "1" },
      },
    );
  } catch (error) {
    remove();
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${stdout}\n${stderr}`, { cause: error });
  }
  const packaged = path.join(folder, ".serverless");
  const templateFile = path.join(packaged, "cloudformation-template-update-stack.json");
  const state = JSON.parse(readFileSync(path.join(packaged, "serverless-state.json"), "utf8"));
  return {
    parameters: state.service.custom.parameters,
    template: JSON.parse(readFileSync(templateFile, "utf8")) as Template,
    templateFile,
    archive: (functionName) => readFileSync(path.join(packaged, `${functionName}.zip`)),
    remove,
  };
}
