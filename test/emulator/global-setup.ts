import type { TestProject } from "vitest/node";
import { freePort } from "../support/free-port.ts";
import { deploy, outputsOf } from "./deployment.ts";
import { findMiniStack, startMiniStack } from "./ministack.ts";
import { startUsageCounter } from "./usage-counter.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The emulator with the stack on it. */
    readonly emulator: string;
    /** Where the calls of the functions are counted; empty where they are not. */
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

/**
 * Deploys the stack to an emulator once for all the files of the suite: to MiniStack, which it starts, or to what listens at
 * `OPENTRAIL_EMULATOR_ENDPOINT`.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const running = process.env.OPENTRAIL_EMULATOR_ENDPOINT;
  if (running !== undefined) {
    await deployTo(project, running);
    return async () => {};
  }
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
    await deployTo(project, emulator.endpoint, counter.endpoint);
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

async function deployTo(project: TestProject, endpoint: string, usageCounter = ""): Promise<void> {
  await deploy(endpoint, DEPLOYED);
  project.provide("emulator", endpoint);
  project.provide("usageCounter", usageCounter);
  project.provide("outputs", await outputsOf(endpoint));
}
