import type { TestProject } from "vitest/node";
import { freePort } from "../support/free-port.ts";
import { deploy, outputsOf } from "./deployment.ts";
import { findMiniStack, startMiniStack } from "./ministack.ts";
import { startUsageCounter } from "./usage-counter.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The emulator with the stack on it. */
    readonly emulator: string;
    /** Where the calls of the functions are counted. */
    readonly usageCounter: string;
    readonly outputs: Readonly<Record<string, string>>;
  }
}

/** A bucket with log files of AWS CloudTrail. */
export const SOURCE_BUCKET = "trail-of-the-account";

/** What differs from the stage's own parameters: the tests do not wait an hour for a digest. */
export const DEPLOYED = {
  digestInterval: "60",
  digestSchedule: "rate(1 minute)",
  sourceBuckets: SOURCE_BUCKET,
};

/** Deploys the stack to an emulator once for all the files of the suite. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const executable = findMiniStack();
  if (executable === undefined) {
    throw new Error(
      "MiniStack is missing: python3 -m venv .venv-ministack && .venv-ministack/bin/pip install -r test/requirements-ministack.txt",
    );
  }
  const port = await freePort();
  const counter = await startUsageCounter(port);
  const emulator = await startMiniStack(executable, port, counter.endpoint);
  const stop = async (): Promise<void> => {
    await emulator.stop();
    await counter.close();
  };
  try {
    await deploy(emulator.endpoint, DEPLOYED);
    project.provide("emulator", emulator.endpoint);
    project.provide("usageCounter", counter.endpoint);
    project.provide("outputs", await outputsOf(emulator.endpoint));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}
