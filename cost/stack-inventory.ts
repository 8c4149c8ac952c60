import type { StackInventory } from "./fixed-cost.ts";

/** Of `serverless.yml` with its default parameters. */
export const STACK_INVENTORY: StackInventory = {
  polledQueues: 6,
  alarms: 35,
  dashboards: 1,
  secrets: 2,
  metrics: 40,
  schedules: { "sweep-log-files": 60, "digest-files": 300 },
};
