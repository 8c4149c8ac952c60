import { mkdir, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Command } from "commander";
import { CommandFailure } from "./command-failure.ts";
import { Steps } from "./demo/steps.ts";
import { option } from "./options.ts";

/** `opentrail demo`. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("show on a sample incident, in seconds, what OpenTrail does")
    .addOption(
      option("--data-dir <folder>", "an empty folder to keep the data in; otherwise a new temporary one"),
    )
    .action(async ({ dataDir }: { readonly dataDir?: string }) => {
      const folder = await emptyFolder(dataDir);
      // Loaded here, so that the other commands need not load the AWS SDK.
      const { runDemo, whereNext } = await import("./demo/run.ts");
      const steps = new Steps(process.stdout);
      steps.say("OpenTrail demo: a leaked key, and what the trail says of it\n");
      await runDemo(steps, folder);
      if (!steps.allGood) {
        throw new CommandFailure(`Not everything that was to happen did. The data is in ${folder}`);
      }
      steps.say(whereNext(folder));
    });
}

async function emptyFolder(asked: string | undefined): Promise<string> {
  if (asked === undefined) {
    return mkdtemp(path.join(tmpdir(), "opentrail-demo-"));
  }
  await mkdir(asked, { recursive: true });
  if ((await readdir(asked)).length > 0) {
    throw new CommandFailure(`${asked} is not empty.`);
  }
  return path.resolve(asked);
}
