import { forEachBounded } from "../concurrency/bounded.ts";
import type { ActivityBlock } from "../event/block.ts";
import { unpackBlock } from "../event/block-codec.ts";
import type { Clock } from "../ports/clock.ts";
import type { DeliveryStatus } from "../ports/delivery-status.ts";
import { type LogEvent, LogGroupNotFound, type LogGroups } from "../ports/log-groups.ts";
import { asError, BatchTally, type Deliver, withUnpackedBatch } from "./batch.ts";
import { type LogRecord, logCalls } from "./log-calls.ts";
import { type LogStream, logStreamsOf } from "./log-stream.ts";

/** What delivery to CloudWatch Logs needs. */
export interface LogGroupPorts {
  readonly logGroups: LogGroups;
  readonly status: DeliveryStatus;
  readonly clock: Clock;
}

/** How log events are sent. All of it has a default. */
export interface LogGroupSettings {
  /** Streams that are written at once. Default 4. */
  readonly streamsAtOnce?: number;
  /** Message body → block. Default: the block codec. */
  readonly unpack?: (body: Buffer) => Promise<ActivityBlock>;
}

/**
 * The stage that sends records to the log groups of trails, at least once. A call that fails has the messages
 * of its records come again, and no others; a log group that is not there, all messages with records for it.
 */
export function createLogGroupDelivery(ports: LogGroupPorts, settings: LogGroupSettings = {}): Deliver {
  const { unpack = unpackBlock, streamsAtOnce = 4 } = settings;
  return async (messages) => {
    const tally = new BatchTally();
    await withUnpackedBatch(
      messages,
      tally,
      unpack,
      (block) => block,
      (blocks) =>
        forEachBounded(logStreamsOf(blocks), streamsAtOnce, (stream) => deliverStream(ports, stream, tally)),
    );
    return tally.report();
  };
}

async function deliverStream(ports: LogGroupPorts, stream: LogStream, tally: BatchTally): Promise<void> {
  const { status, clock } = ports;
  tally.receive(stream.records.length);
  const { calls, skipped } = logCalls(stream.records, clock.now());
  for (const [reason, records] of skipped) {
    tally.skip(reason, records);
  }
  let firstError: Error | undefined;
  for (const call of calls) {
    const error =
      firstError instanceof LogGroupNotFound ? firstError : await putCall(ports, stream, call, tally);
    if (error !== undefined) {
      firstError ??= error;
      for (const { messageIds } of call) {
        tally.fail(messageIds, 1, error);
      }
    }
  }
  if (calls.length > 0) {
    const code =
      firstError && (firstError instanceof LogGroupNotFound ? "ResourceNotFoundException" : firstError.name);
    // A note that cannot be kept changes nothing about the delivery.
    await status.report(stream.trailArn, "cloudwatch-logs", clock.now(), code).catch(() => undefined);
  }
}

/** Sends one call and counts what the log group took and refused. The error, if the call failed. */
async function putCall(
  { logGroups }: LogGroupPorts,
  { group, name }: LogStream,
  call: readonly LogRecord[],
  tally: BatchTally,
): Promise<Error | undefined> {
  try {
    const rejected = await logGroups.putLogEvents(group, name, call.map(logEvent));
    let taken = call.length;
    for (const [reason, records] of [
      ["too-old", rejected.tooOld],
      ["too-new", rejected.tooNew],
      ["expired", rejected.expired],
    ] as const) {
      // The log group may count one event under two reasons.
      const counted = Math.min(records, taken);
      tally.skip(reason, counted);
      taken -= counted;
    }
    tally.deliver(taken);
    return undefined;
  } catch (error) {
    return asError(error);
  }
}

function logEvent({ timestamp, text, start, length }: LogRecord): LogEvent {
  return { timestamp, message: text.toString("utf8", start, start + length) };
}
