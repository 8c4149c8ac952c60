import type { Stage } from "./measured.ts";

/**
 * Pollers of Lambda's that ask a queue at one time, at the least. Each gathers a batch of its own.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
export const FEWEST_POLLERS = 5;

/** Parameters of the stack that bound a delivery function, with their defaults: a test holds them equal to serverless.yml. */
export interface StageSettings {
  readonly windowParameter: string;
  /** For how long messages are gathered for a batch, in seconds. */
  readonly window: number;
  readonly concurrencyParameter: string;
  /** Copies of the function that Lambda has at work at the most. */
  readonly concurrency: number;
}

export const SETTINGS: Readonly<Record<Stage, StageSettings>> = {
  "log-files": {
    windowParameter: "logFilesWindow",
    window: 60,
    concurrencyParameter: "logFilesConcurrency",
    concurrency: 20,
  },
  "log-groups": {
    windowParameter: "logGroupsWindow",
    window: 5,
    concurrencyParameter: "logGroupsConcurrency",
    concurrency: 10,
  },
  "event-bus": {
    windowParameter: "eventBusWindow",
    window: 1,
    concurrencyParameter: "eventBusConcurrency",
    concurrency: 20,
  },
  history: {
    windowParameter: "historyWindow",
    window: 20,
    concurrencyParameter: "historyConcurrency",
    concurrency: 5,
  },
};
