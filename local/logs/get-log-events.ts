import type { LogEventsQuery, LogPosition, StoredLogEvent } from "../../shared/ports/log-store.ts";
import { type LogsCall, type LogsOperation, noSuchStream } from "./call.ts";
import { referredLogGroup } from "./log-arn.ts";
import { cursorOfToken, type LogEventsCursor, tokenOfCursor } from "./log-events-token.ts";
import type { LogsInputs } from "./model.ts";

type GetLogEvents = LogsCall<LogsInputs["GetLogEvents"]>;

const MOST_EVENTS = 10_000;
const MOST_BYTES = 1024 * 1024;
/** Events read at once: the largest a log may hold, 1 MB each, are still few enough. */
const RUN = 100;

/**
 * Pages through one stream. Both tokens come with every answer; at either end the one that was sent comes back.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
export const getLogEvents: LogsOperation<"GetLogEvents"> = async (call) => {
  const { input, caller, logGroups } = call;
  const group = referredLogGroup(caller, input);
  if (!(await logGroups.logStreams(group)).some(({ name }) => name === input.logStreamName)) {
    throw noSuchStream();
  }

  const cursor = input.nextToken === undefined ? undefined : cursorOfToken(input.nextToken);
  const range = rangeOf(input, cursor);
  const page = await readPage(call, group, range);
  return {
    events: page.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: tokenOfCursor({ direction: "forward", position: page.at(-1) ?? range.after }),
    nextBackwardToken: tokenOfCursor({ direction: "backward", position: page[0] ?? range.before }),
  };
};

type Range = Omit<LogEventsQuery, "limit">;

/** The events that the times and the cursor leave, and the end of them that the page is taken from. */
function rangeOf(
  { startTime = 0, endTime = Number.MAX_SAFE_INTEGER, startFromHead }: GetLogEvents["input"],
  cursor: LogEventsCursor | undefined,
): Range {
  // The start is part of the range, the end is not; sequences begin with 1.
  const after = { timestamp: startTime, sequence: 0 };
  const before = { timestamp: endTime, sequence: 0 };
  switch (cursor?.direction) {
    case "forward":
      return {
        after: earlier(after, cursor.position) === after ? cursor.position : after,
        before,
        from: "head",
      };
    case "backward":
      return { after, before: earlier(before, cursor.position), from: "tail" };
    default:
      return { after, before, from: startFromHead ? "head" : "tail" };
  }
}

/** The page's events in order, as many as fit. */
async function readPage(
  { input, logGroups }: GetLogEvents,
  group: string,
  range: Range,
): Promise<readonly StoredLogEvent[]> {
  const most = input.limit ?? MOST_EVENTS;
  const page: StoredLogEvent[] = [];
  let bytes = 0;
  let rest = range;
  for (;;) {
    const limit = Math.min(RUN, most - page.length);
    const run = await logGroups.logEvents(group, input.logStreamName, { ...rest, limit });
    for (const event of run) {
      bytes += Buffer.byteLength(event.message);
      if (bytes > MOST_BYTES && page.length > 0) {
        return inOrder(page, range);
      }
      page.push(event);
    }

    const last = run.at(-1);
    if (last === undefined || run.length < limit || page.length === most) {
      return inOrder(page, range);
    }
    rest = range.from === "head" ? { ...range, after: last } : { ...range, before: last };
  }
}

function inOrder(page: readonly StoredLogEvent[], { from }: Range): readonly StoredLogEvent[] {
  return from === "head" ? page : page.toReversed();
}

function earlier(a: LogPosition, b: LogPosition): LogPosition {
  return (a.timestamp - b.timestamp || a.sequence - b.sequence) <= 0 ? a : b;
}
