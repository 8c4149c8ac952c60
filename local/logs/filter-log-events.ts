import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { compileFilterPattern } from "../../shared/filter-pattern/filter-pattern.ts";
import type { LogPosition } from "../../shared/ports/log-store.ts";
import { invalidParameter, type LogsCall, type LogsOperation, noSuchStream } from "./call.ts";
import { interleaved, type StreamEvent } from "./interleave.ts";
import { referredLogGroup } from "./log-arn.ts";
import type { LogsInputs } from "./model.ts";

type FilterLogEvents = LogsCall<LogsInputs["FilterLogEvents"]>;

const MOST_EVENTS = 10_000;
const MOST_BYTES = 1024 * 1024;
/** What one call looks through. With more to search it answers what it found, nothing perhaps, and a token, as AWS does. */
const MOST_SEARCHED_BYTES = 16 * 1024 * 1024;
/** Other calls are served in between. */
const SEARCHED_AT_ONCE = 500;

/**
 * The events of a group's streams, in the order of their timestamps, that match a filter pattern.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
export const filterLogEvents: LogsOperation<"FilterLogEvents"> = async (call) => {
  const { input, caller, logGroups } = call;
  const group = referredLogGroup(caller, input);
  const matches = compileFilterPattern(input.filterPattern ?? "");
  const streams = await searchedStreams(call, group);
  const query = queryHash(group, input);
  // Unlike GetLogEvents, the end of the range is part of it.
  const before = { timestamp: (input.endTime ?? Number.MAX_SAFE_INTEGER - 1) + 1, sequence: 0 };
  const start =
    input.nextToken === undefined
      ? { timestamp: input.startTime ?? 0, sequence: 0 }
      : positionOfToken(input.nextToken, query);

  const most = input.limit ?? MOST_EVENTS;
  const page: StreamEvent[] = [];
  let pageBytes = 0;
  let searchedBytes = 0;
  let searched = 0;
  let last = start;
  for await (const event of interleaved(logGroups, group, streams, start, before)) {
    const bytes = Buffer.byteLength(event.message);
    const isWanted = matches(event.message);
    const isFull = page.length === most || (page.length > 0 && isWanted && pageBytes + bytes > MOST_BYTES);
    if (isFull || searchedBytes > MOST_SEARCHED_BYTES) {
      return { ...pageOf(page), nextToken: tokenOfPosition(last, query) };
    }
    if (isWanted) {
      page.push(event);
      pageBytes += bytes;
    }
    searchedBytes += bytes;
    searched += 1;
    last = event;
    if (searched % SEARCHED_AT_ONCE === 0) await setImmediate();
  }
  return pageOf(page);
};

/** @throws InvalidParameterException, ResourceNotFoundException */
async function searchedStreams(
  { input, logGroups }: FilterLogEvents,
  group: string,
): Promise<readonly string[]> {
  const { logStreamNames: names, logStreamNamePrefix: prefix } = input;
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter("logStreamNames and logStreamNamePrefix cannot be specified together.");
  }
  const all = (await logGroups.logStreams(group)).map(({ name }) => name);
  if (names === undefined) {
    return all.filter((name) => name.startsWith(prefix ?? ""));
  }
  if (names.some((name) => !all.includes(name))) {
    throw noSuchStream();
  }
  return [...new Set(names)];
}

function pageOf(events: readonly StreamEvent[]): object {
  return {
    events: events.map(({ stream, timestamp, message, ingestionTime, sequence }) => ({
      logStreamName: stream,
      timestamp,
      message,
      ingestionTime,
      eventId: eventId(timestamp, sequence),
    })),
    // Every stream is searched completely; AWS has stopped to name them too.
    searchedLogStreams: [],
  };
}

/** As AWS's: 56 digits that grow with time. */
function eventId(timestamp: number, sequence: number): string {
  return `${timestamp}`.padStart(20, "0") + `${sequence}`.padStart(36, "0");
}

/** A token is good for the query that it came with. */
function queryHash(group: string, { nextToken: _, limit: __, ...rest }: FilterLogEvents["input"]): string {
  const query = JSON.stringify([group, Object.entries(rest).sort()]);
  return createHash("sha256").update(query).digest("base64url").slice(0, 16);
}

function tokenOfPosition({ timestamp, sequence }: LogPosition, query: string): string {
  return `${timestamp}.${sequence}.${query}`;
}

/** @throws InvalidParameterException */
function positionOfToken(token: string, query: string): LogPosition {
  const [, timestamp, sequence, of] = /^(\d{1,15})\.(\d{1,15})\.(.*)$/.exec(token) ?? [];
  if (of !== query) {
    throw invalidParameter("The specified nextToken is invalid.");
  }
  return { timestamp: Number(timestamp), sequence: Number(sequence) };
}
