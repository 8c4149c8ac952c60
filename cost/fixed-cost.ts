import { FEWEST_POLLERS } from "../capacity/settings.ts";
import { type Load, SECONDS_A_MONTH } from "./load.ts";
import type { MeasuredUsage } from "./measured-usage.ts";
import { dollarsOf, type Usage } from "./prices.ts";

/** Of the stack, all that costs without an event passing. A test holds it against the packaged template. */
export interface StackInventory {
  /** Queues that a function takes its messages from. */
  readonly polledQueues: number;
  /** Metrics that alarms watch. */
  readonly alarms: number;
  readonly dashboards: number;
  readonly secrets: number;
  /** Metrics of OpenTrail's own that a busy stack has: a name with its dimensions each. */
  readonly metrics: number;
  /** Seconds between two runs, by function. */
  readonly schedules: Readonly<Record<string, number>>;
}

/** A poller waits for twenty seconds, for as long as the queue is empty. */
const POLL_SECONDS = 20;

/** A new signing key every 90 days; the old ones stay for as long as their digests are to be validated: after a year, five. */
const SIGNING_KEYS = 5;

const DIGESTS_A_MONTH = SECONDS_A_MONTH / 3600;

/** What a month costs without an event, in dollars, by cause. */
export function fixedCost(
  { regions, accounts, trails }: Load,
  measured: MeasuredUsage,
  stack: StackInventory,
): Readonly<Record<string, number>> {
  const polls = (stack.polledQueues * FEWEST_POLLERS * SECONDS_A_MONTH) / POLL_SECONDS;
  const digests = DIGESTS_A_MONTH * regions * accounts * trails;
  return {
    [`polling ${stack.polledQueues} queues`]: dollarsOf({ "sqs.requests": polls }),
    ...Object.fromEntries(
      Object.entries(stack.schedules).map(([name, seconds]) => [
        `${name} every ${seconds} s`,
        (SECONDS_A_MONTH / seconds) * dollarsOf(usageOfRun(name, measured)),
      ]),
    ),
    [`${digests.toLocaleString("en-US")} digest files`]: digests * dollarsOf(measured.digestFile),
    "signing keys, after a year": dollarsOf({ "kms.keyMonths": SIGNING_KEYS }),
    [`${stack.alarms} alarms`]: dollarsOf({ "cloudwatch.alarmMonths": stack.alarms }),
    dashboard: dollarsOf({ "cloudwatch.dashboardMonths": stack.dashboards }),
    [`${stack.metrics} metrics`]: dollarsOf({ "cloudwatch.metricMonths": stack.metrics }),
    [`${stack.secrets} secrets`]: dollarsOf({ "secrets.secretMonths": stack.secrets }),
  };
}

function usageOfRun(name: string, { schedules }: MeasuredUsage): Usage {
  const usage = schedules[name];
  if (!usage) throw new Error(`What a run of ${name} takes was not measured`);
  return usage;
}
