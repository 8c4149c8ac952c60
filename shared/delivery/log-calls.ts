import type { SkipReason } from "./batch.ts";

/** A record on its way to a log group. */
export interface LogRecord {
  /** The messages that come again if it fails. */
  readonly messageIds: readonly string[];
  /** The text of its block, with its own place in it, in bytes. */
  readonly text: Buffer;
  readonly start: number;
  readonly length: number;
  /** The eventTime in milliseconds since the epoch. */
  readonly timestamp: number;
}

const HOUR_MS = 3_600_000;
const MAX_AGE_MS = 14 * 24 * HOUR_MS;
const MAX_AHEAD_MS = 2 * HOUR_MS;
const MAX_SPAN_MS = 24 * HOUR_MS;
const MAX_EVENTS = 10_000;
const MAX_CALL_BYTES = 1_048_576;
const EVENT_OVERHEAD_BYTES = 26;

/** CloudTrail sends no record over 256 KB to CloudWatch Logs and EventBridge. */
export const MAX_SENT_RECORD_BYTES = 262_144;

/**
 * Divides records into calls that PutLogEvents takes, in time order. Records of the same time keep theirs.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 * @param now milliseconds since the epoch
 */
export function logCalls(
  records: readonly LogRecord[],
  now: number,
): { readonly calls: readonly (readonly LogRecord[])[]; readonly skipped: ReadonlyMap<SkipReason, number> } {
  const skipped = new Map<SkipReason, number>();
  const sendable = records.filter((record) => {
    const reason = skipReason(record, now);
    if (reason !== undefined) {
      skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    }
    return reason === undefined;
  });
  const calls: LogRecord[][] = [];
  let call: LogRecord[] = [];
  let bytes = 0;
  for (const record of sendable.sort((one, other) => one.timestamp - other.timestamp)) {
    const size = record.length + EVENT_OVERHEAD_BYTES;
    const first = call[0] ?? record;
    const fits =
      call.length < MAX_EVENTS &&
      bytes + size <= MAX_CALL_BYTES &&
      record.timestamp - first.timestamp <= MAX_SPAN_MS;
    if (call.length === 0 || !fits) {
      call = [];
      bytes = 0;
      calls.push(call);
    }
    call.push(record);
    bytes += size;
  }
  return { calls, skipped };
}

function skipReason({ length, timestamp }: LogRecord, now: number): SkipReason | undefined {
  if (length > MAX_SENT_RECORD_BYTES) {
    return "too-large";
  }
  if (timestamp < now - MAX_AGE_MS) {
    return "too-old";
  }
  return timestamp > now + MAX_AHEAD_MS ? "too-new" : undefined;
}
