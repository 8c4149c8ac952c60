import { cpSync } from "node:fs";
import { describe } from "vitest";
import { type CommandResult, runCommand } from "./aws-cli.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A copy of a configuration, with a state of its own. */
export interface TerraformFolder {
  /** Runs a command of Terraform's with the AWS provider sent to an endpoint. */
  run(endpoint: string, ...args: readonly string[]): Promise<CommandResult>;
  remove(): void;
}

/**
 * A `describe` with Terraform and its AWS provider. No package registry has the provider, so that it cannot be asked for everywhere: where
 * `OPENTRAIL_TERRAFORM_PLUGINS` names no folder with it, laid out as `terraform init -plugin-dir` takes it, the tests are
 * skipped, and say why. `OPENTRAIL_TERRAFORM` names the executable, if it is not `terraform`.
 */
export function describeWithTerraform(
  title: string,
  configuration: string,
  body: (open: () => Promise<TerraformFolder>) => void,
): void {
  const plugins = process.env.OPENTRAIL_TERRAFORM_PLUGINS;
  if (!plugins) {
    describe.skip(`${title} (skipped: OPENTRAIL_TERRAFORM_PLUGINS is not set)`, () => body(notFound));
    return;
  }
  describe(title, () => body(() => openFolder(configuration, plugins)));
}

async function openFolder(configuration: string, plugins: string): Promise<TerraformFolder> {
  const folder = temporaryFolder();
  cpSync(configuration, folder.path, { recursive: true });
  const executable = process.env.OPENTRAIL_TERRAFORM ?? "terraform";
  const run = (endpoint: string, ...args: readonly string[]): Promise<CommandResult> =>
    runCommand(executable, [`-chdir=${folder.path}`, ...args], {
      PATH: process.env.PATH ?? "",
      HOME: folder.path,
      AWS_ENDPOINT_URL: endpoint,
      TF_CLI_ARGS: "-no-color",
      TF_IN_AUTOMATION: "true",
      CHECKPOINT_DISABLE: "1",
    });
  const { exitCode, stderr } = await run("", "init", `-plugin-dir=${plugins}`);
  if (exitCode !== 0) throw new Error(`terraform init ended with ${exitCode}: ${stderr}`);
  return { run, remove: folder.remove };
}

function notFound(): never {
  throw new Error("There is no Terraform");
}
