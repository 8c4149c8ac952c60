import type { LogPosition, LogStore, StoredLogEvent } from "../../shared/ports/log-store.ts";

/** An event and the stream that it is in. */
export interface StreamEvent extends StoredLogEvent {
  readonly stream: string;
}

/** Events read of a stream at once. */
const RUN = 100;

/** Compares places in the order of a whole group. */
function comparePositions(one: LogPosition, other: LogPosition): number {
  return one.timestamp - other.timestamp || one.sequence - other.sequence;
}

/** The events of several streams between two positions, neither included, in one order. */
export async function* interleaved(
  logGroups: LogStore,
  group: string,
  streams: readonly string[],
  after: LogPosition,
  before: LogPosition,
): AsyncGenerator<StreamEvent> {
  const readers = streams.map((stream) => eventsOf(logGroups, group, stream, after, before));
  const heads = await Promise.all(readers.map((reader) => reader.next()));
  for (;;) {
    let first: { readonly index: number; readonly event: StreamEvent } | undefined;
    for (const [index, head] of heads.entries()) {
      if (!head.done && (first === undefined || comparePositions(head.value, first.event) < 0)) {
        first = { index, event: head.value };
      }
    }
    const reader = readers[first?.index ?? -1];
    if (first === undefined || reader === undefined) {
      return;
    }
    yield first.event;
    heads[first.index] = await reader.next();
  }
}

async function* eventsOf(
  logGroups: LogStore,
  group: string,
  stream: string,
  start: LogPosition,
  before: LogPosition,
): AsyncGenerator<StreamEvent> {
  let after = start;
  for (;;) {
    const run = await logGroups.logEvents(group, stream, { after, before, from: "head", limit: RUN });
    for (const event of run) {
      yield { ...event, stream };
    }
    const last = run.at(-1);
    if (last === undefined || run.length < RUN) {
      return;
    }
    after = last;
  }
}
