/** How records come in. */
export const SOURCES = ["log-files", "activity-events", "api"] as const;
export type Source = (typeof SOURCES)[number];

/** What a deployment has to carry. */
export interface Load {
  readonly source: Source;
  /** Management events a month. */
  readonly events: number;
  /** Regions and accounts that they are spread over evenly. */
  readonly regions: number;
  readonly accounts: number;
  /** Trails that take every event. */
  readonly trails: number;
  /** Records of one call: what an application sends at once. For the source `api` alone. */
  readonly recordsPerCall: number;
  /** For how long a function gathers events from the default bus, in seconds. */
  readonly windowSeconds: number;
  /** Whether the trails have a log group, and how many bytes a record has, on average. */
  readonly logGroup: boolean;
  readonly recordBytes: number;
}

/** What the cost is computed for unless one says otherwise. The window is the stack's. */
export const DEFAULT_LOAD: Load = {
  source: "log-files",
  events: 10e6,
  regions: 1,
  accounts: 1,
  trails: 1,
  recordsPerCall: 100,
  windowSeconds: 5,
  logGroup: false,
  recordBytes: 1_260,
};

const DAYS_A_MONTH = 30;
export const SECONDS_A_MONTH = DAYS_A_MONTH * 24 * 60 * 60;

/** CloudTrail delivers about every five minutes. */
const LOG_FILES_A_MONTH = SECONDS_A_MONTH / 300;

/** As ingest closes a block: so many records, or so many bytes of them. */
const BLOCK_RECORDS = 5_000;
const BLOCK_BYTES = 4 * 1024 * 1024;

/** What Lambda hands over at most: 6 MB, and an event in a queue has an envelope beside its record. */
const BATCH_BYTES = 6e6;
const ENVELOPE_BYTES = 1_400;

/** How many records a block has on average: a function call's, or a log file's, and never more than a block takes. */
export function recordsPerBlock(load: Load): number {
  const largest = Math.min(BLOCK_RECORDS, BLOCK_BYTES / load.recordBytes);
  return Math.max(1, Math.min(largest, recordsAtOnce(load)));
}

function recordsAtOnce({ source, events, regions, accounts, ...load }: Load): number {
  const places = regions * accounts;
  if (source === "api") return load.recordsPerCall;
  if (source === "log-files") return events / LOG_FILES_A_MONTH / places;
  const inWindow = (events / SECONDS_A_MONTH / places) * load.windowSeconds;
  return Math.min(inWindow, BATCH_BYTES / (load.recordBytes + ENVELOPE_BYTES));
}
