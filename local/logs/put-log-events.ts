import type { RejectedLogEvents } from "../../shared/ports/log-groups.ts";
import { invalidParameter, type LogsOperation, noSuchStream } from "./call.ts";
import { logGroupArn } from "./log-arn.ts";
import type { LogsInputs } from "./model.ts";

type InputLogEvents = LogsInputs["PutLogEvents"]["logEvents"];

const MOST_BYTES = 1_048_576;
/** What an event counts besides its message. */
const BYTES_AN_EVENT = 26;
const LONGEST_SPAN = 24 * 60 * 60 * 1000;

/** @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
export const putLogEvents: LogsOperation<"PutLogEvents"> = async ({ input, caller, logGroups }) => {
  const { logStreamName: stream, logEvents } = input;
  const group = logGroupArn(caller, input.logGroupName);
  checkBatch(logEvents);
  // The port makes a stream that is not there; the API does not.
  if (!(await logGroups.logStreams(group)).some(({ name }) => name === stream)) {
    throw noSuchStream();
  }

  const rejected = await logGroups.putLogEvents(group, stream, logEvents);
  return { rejectedLogEventsInfo: rejectedLogEventsInfo(rejected, logEvents.length) };
};

/** @throws InvalidParameterException */
function checkBatch(events: InputLogEvents): void {
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + BYTES_AN_EVENT, 0);
  if (bytes > MOST_BYTES) {
    throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${MOST_BYTES}`);
  }

  const times = events.map(({ timestamp }) => timestamp);
  if (times.some((time, index) => time < (times[index - 1] ?? 0))) {
    throw invalidParameter("Log events in a single PutLogEvents request must be in chronological order.");
  }
  if ((times.at(-1) ?? 0) - (times[0] ?? 0) > LONGEST_SPAN) {
    throw invalidParameter(
      "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.",
    );
  }
}

/** Refused events stand at the ends: the too old and then the expired ones at the start, the too new ones at the end. */
function rejectedLogEventsInfo(
  { tooOld, expired, tooNew }: RejectedLogEvents,
  count: number,
): object | undefined {
  if (tooOld + expired + tooNew === 0) {
    return undefined;
  }
  return {
    ...(tooOld > 0 ? { tooOldLogEventEndIndex: tooOld } : {}),
    ...(expired > 0 ? { expiredLogEventEndIndex: tooOld + expired } : {}),
    ...(tooNew > 0 ? { tooNewLogEventStartIndex: count - tooNew } : {}),
  };
}
