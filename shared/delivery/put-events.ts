import type { Clock } from "../ports/clock.ts";
import type { EventBus, EventEntry } from "../ports/event-bus.ts";
import { type Backoff, waitBeforeTry } from "./backoff.ts";
import { asError } from "./batch.ts";

/** An entry on its way to the bus. */
export interface PendingEntry {
  readonly entry: EventEntry;
  /** Bytes, as PutEvents counts them. */
  readonly size: number;
  /** The messages that come again if it fails. */
  readonly messageIds: readonly string[];
}

/** What a call came to. */
export interface CallOutcome {
  readonly failed: ReadonlyMap<PendingEntry, Error>;
  /** The last try failed as a whole: the bus is out of reach. */
  readonly outage?: Error;
}

/** "Less than 256 KB", together. */
export const MAX_CALL_BYTES: number = 256 * 1024 - 1;

const MAX_ENTRIES = 10;
const TIME_BYTES = 14;

/**
 * An entry's size as PutEvents counts it.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size
 * @param detailBytes bytes of the detail in UTF-8
 */
export function entrySize({ source, detailType }: EventEntry, detailBytes: number): number {
  return TIME_BYTES + Buffer.byteLength(source) + Buffer.byteLength(detailType) + detailBytes;
}

/** Divides entries into calls that PutEvents takes: at most 10 entries and less than 256 KB together. */
export function* callsOf(entries: Iterable<PendingEntry>): Generator<readonly PendingEntry[]> {
  let call: PendingEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    if (call.length === MAX_ENTRIES || bytes + entry.size > MAX_CALL_BYTES) {
      yield call;
      call = [];
      bytes = 0;
    }
    call.push(entry);
    bytes += entry.size;
  }
  if (call.length > 0) {
    yield call;
  }
}

/** Sends a call's entries, and those that failed again, and only those, as often as `backoff` says. */
export async function sendEntries(
  { bus, clock }: { readonly bus: EventBus; readonly clock: Clock },
  backoff: Backoff,
  call: readonly PendingEntry[],
): Promise<CallOutcome> {
  let outcome: CallOutcome = { failed: new Map() };
  let left = call;
  for (let tryNumber = 1; tryNumber <= backoff.tries && left.length > 0; tryNumber += 1) {
    if (tryNumber > 1) {
      await waitBeforeTry(clock, backoff, tryNumber);
    }
    outcome = await putOnce(bus, left);
    left = [...outcome.failed.keys()];
  }
  return outcome;
}

/** Every entry failed with the same error. */
export function failAll(call: readonly PendingEntry[], error: Error): ReadonlyMap<PendingEntry, Error> {
  return new Map(call.map((entry) => [entry, error]));
}

async function putOnce(bus: EventBus, call: readonly PendingEntry[]): Promise<CallOutcome> {
  try {
    const answers = await bus.putEvents(call.map(({ entry }) => entry));
    const failed = new Map<PendingEntry, Error>();
    for (const [index, entry] of call.entries()) {
      const failure = answers[index];
      if (failure !== undefined) {
        failed.set(entry, new Error(`${failure.errorCode}: ${failure.errorMessage}`));
      }
    }
    return { failed };
  } catch (thrown) {
    const outage = asError(thrown);
    return { failed: failAll(call, outage), outage };
  }
}
