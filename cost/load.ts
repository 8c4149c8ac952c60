import type { Stage } from "../capacity/measured.ts";
import { FEWEST_POLLERS, SETTINGS } from "../capacity/settings.ts";

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
  /** How many pollers of Lambda's share a queue's messages: each gathers for itself. */
  readonly pollers: number;
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
  windowSeconds: 20,
  pollers: FEWEST_POLLERS,
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

/** What Lambda hands over at most: 6 MB, and an event in a queue has an envelope beside its record; or so many messages. */
const BATCH_BYTES = 6e6;
const ENVELOPE_BYTES = 1_400;
const BATCH_MESSAGES = 10_000;

/** How many records a block has on average: a function call's, or a log file's, and never more than a block takes. */
export function recordsPerBlock(load: Load): number {
  const largest = Math.min(BLOCK_RECORDS, BLOCK_BYTES / load.recordBytes);
  return Math.max(1, Math.min(largest, recordsAtOnce(load)));
}

function recordsAtOnce(load: Load): number {
  const places = load.regions * load.accounts;
  if (load.source === "api") return load.recordsPerCall;
  if (load.source === "log-files") return load.events / LOG_FILES_A_MONTH / places;
  // Each place has a queue of its own.
  const inWindow = gathered(load.events / places, load.windowSeconds, load.pollers);
  return Math.min(inWindow, BATCH_BYTES / (load.recordBytes + ENVELOPE_BYTES));
}

/** How many blocks a delivery function gets at once: those that come while one poller gathers. */
export function blocksPerBatch(load: Load, stage: Stage): number {
  return gathered(load.events / recordsPerBlock(load), SETTINGS[stage].window, load.pollers);
}

/** A batch of blocks of several regions and accounts has something to write for each of them. */
export function placesPerBatch(load: Load, stage: Stage): number {
  const places = load.regions * load.accounts;
  return places * (1 - (1 - 1 / places) ** blocksPerBatch(load, stage));
}

function gathered(messagesAMonth: number, windowSeconds: number, pollers: number): number {
  const inWindow = ((messagesAMonth / SECONDS_A_MONTH) * windowSeconds) / pollers;
  return Math.min(BATCH_MESSAGES, Math.max(1, inWindow));
}
