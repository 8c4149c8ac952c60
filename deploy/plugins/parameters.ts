import { parseOrganization } from "../../shared/organization/organization.ts";
import type { Hooks, Serverless } from "./serverless.ts";

const ONE_OF: Readonly<Record<string, readonly string[]>> = {
  // Either or: as both, what is emitted there would be taken in again.
  defaultBus: ["source", "off", "destination"],
  defaultBusRuleState: ["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"],
  restartAwsTrails: ["on", "off"],
  emitLogFiles: ["true", "false"],
  ingestOwnCalls: ["true", "false"],
  historyDataEvents: ["true", "false"],
  sendReadOnlyApiCalls: ["true", "false"],
  homeAccount: ["own", "other"],
  ruleState: ["ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS", "DISABLED"],
};

const INTEGERS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  ingestWindow: [1, 300],
  sourceLogFilesWindow: [1, 300],
  logFilesWindow: [1, 300],
  logGroupsWindow: [1, 300],
  eventBusWindow: [1, 300],
  historyWindow: [1, 300],
  functionTimeout: [5, 900],
  ingestConcurrency: [2, 1_000],
  sourceLogFilesConcurrency: [2, 1_000],
  logFilesConcurrency: [2, 1_000],
  logGroupsConcurrency: [2, 1_000],
  eventBusConcurrency: [2, 1_000],
  historyConcurrency: [2, 1_000],
  maxReceives: [1, 1_000],
  maxMessageBytes: [1_024, 1_048_576],
  importMemoryDays: [30, 36_500],
  gzipLevel: [1, 9],
  historyRetentionDays: [1, 36_500],
  digestInterval: [60, 86_400],
  signingKeyAgeDays: [1, 3_650],
};

/** Outputs of another stack, which have no default; and what would let everything in where it is empty. */
const NEEDED = ["homeRegion", "homeTopicArn", "homeBlocksBucket", "defaultBusSource"];

/** Parameters that a function, or IAM, would read only once all is deployed: what is wrong with each, if anything. */
const CHECKS: Readonly<Record<string, (text: string) => string | undefined>> = {
  // Any other principal, a * above all, would let strangers publish.
  collectorAccounts: (text) =>
    /^\s*(?:\d{12}\s*(?:,\s*\d{12}\s*)*)?$/.test(text)
      ? undefined
      : "it must be account ids of 12 digits with a comma between two",
  endpointConcurrency: (text) =>
    /^(?:[1-9]\d{0,4})?$/.test(text) ? undefined : "it must be empty or a whole number from 1 to 99999",
  organization: (text) => (text === "" ? undefined : problemWithOrganization(text)),
  publicUrl: (text) =>
    text === "" || URL.canParse(text.replace("{id}", "id")) ? undefined : "it must be a URL",
};

function problemWithOrganization(text: string): string | undefined {
  try {
    parseOrganization(text);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Refuses parameters that no deployment could work with, before anything is deployed. */
export default class Parameters {
  readonly hooks: Hooks;

  constructor(serverless: Serverless) {
    this.hooks = { initialize: () => check(serverless) };
  }
}

function check(serverless: Serverless): void {
  const { service, classes } = serverless;
  const wrong = [
    ...stageFaults(serverless.getProvider("aws").getStage()),
    ...faults(service.custom.parameters),
  ];
  if (wrong.length > 0) throw new classes.Error(wrong.join("\n"), "INVALID_PARAMETERS");
}

/** Of the 64 characters of a role's name: what the longest function and the longest region leave. */
export const LONGEST_STAGE = 13;

/** What is wrong with a stage's name. */
export function stageFaults(stage: string): readonly string[] {
  return stage.length <= LONGEST_STAGE
    ? []
    : [`The stage ${stage} has ${stage.length} characters: ${LONGEST_STAGE} is the most.`];
}

/** What is wrong with parameters, a sentence each. A stack has some of them. */
export function faults(parameters: Readonly<Record<string, unknown>>): readonly string[] {
  const present = ([name]: readonly [string, unknown]): boolean => name in parameters;
  return [
    ...NEEDED.flatMap((name) => (parameters[name] === "" ? [`${name} is not given.`] : [])),
    ...Object.entries(ONE_OF)
      .filter(present)
      .flatMap(([name, values]) => {
        const value = String(parameters[name]);
        return values.includes(value) ? [] : [`${name} is ${value}: it must be one of ${values.join(", ")}.`];
      }),
    ...Object.entries(INTEGERS)
      .filter(present)
      .flatMap(([name, [from, to]]) => {
        const value = Number(parameters[name]);
        const fits = Number.isInteger(value) && value >= from && value <= to;
        return fits
          ? []
          : [`${name} is ${parameters[name]}: it must be a whole number from ${from} to ${to}.`];
      }),
    ...Object.entries(CHECKS)
      .filter(present)
      .flatMap(([name, check]) => {
        const problem = check(String(parameters[name]));
        return problem === undefined ? [] : [`${name} is ${parameters[name]}: ${problem}.`];
      }),
    ...(parameters.homeAccount === "other" && !parameters.homeRoleArn
      ? ["homeRoleArn is not given: a home in another account needs it."]
      : []),
  ];
}
