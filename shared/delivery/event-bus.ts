import { forEachBounded } from "../concurrency/bounded.ts";
import type { ActivityBlock } from "../event/block.ts";
import { unpackBlock } from "../event/block-codec.ts";
import { isJsonObject, type JsonObject } from "../event/json.ts";
import type { Clock } from "../ports/clock.ts";
import type { EventBus } from "../ports/event-bus.ts";
import type { Backoff } from "./backoff.ts";
import { asError, type BatchBlock, BatchTally, type Deliver, withUnpackedBatch } from "./batch.ts";
import { eventEntry, isWithheldReadOnlyCall } from "./event-entry.ts";
import { MAX_SENT_RECORD_BYTES } from "./log-calls.ts";
import { forEachPosition, recordStarts } from "./positions.ts";
import { callsOf, entrySize, failAll, MAX_CALL_BYTES, type PendingEntry, sendEntries } from "./put-events.ts";

/** What emission to an event bus needs. */
export interface EventBusPorts {
  readonly bus: EventBus;
  readonly clock: Clock;
}

/** How events are emitted. All of it has a default. */
export interface EventBusSettings {
  /**
   * Stands before the service in an entry's source. Default `aws.`, as CloudTrail's own events have it; AWS
   * refuses that from anybody else, so on AWS it is `opentrail.`.
   */
  readonly eventSourcePrefix?: string;
  /**
   * Whether read-only API calls that AWS keeps from ordinary rules (names that start with List, Get or
   * Describe) are sent. Default true: the embedded bus decides by the rule.
   */
  readonly sendReadOnlyApiCalls?: boolean;
  /** PutEvents calls at once. Default 4. */
  readonly callsAtOnce?: number;
  /** Default: 5 tries, the waits between them from 100 ms to 2 s. */
  readonly backoff?: Backoff;
  /** Message body → block. Default: the block codec. */
  readonly unpack?: (body: Buffer) => Promise<ActivityBlock>;
}

const DEFAULT_BACKOFF: Backoff = { tries: 5, firstWaitMs: 100, longestWaitMs: 2_000 };

/**
 * The stage that emits records on EventBridge, at least once: those that a trail wants, once however many
 * trails do. An entry that is still refused after all tries has its message come again. Once a call as a
 * whole has failed that often, the calls of the batch that are left are not tried.
 */
export function createEventBusDelivery(ports: EventBusPorts, settings: EventBusSettings = {}): Deliver {
  const { unpack = unpackBlock, callsAtOnce = 4, backoff = DEFAULT_BACKOFF } = settings;
  return async (messages) => {
    const tally = new BatchTally();
    await withUnpackedBatch(messages, tally, unpack, wantedPositions, async (blocks) => {
      let outage: Error | undefined;
      await forEachBounded(callsOf(pendingEntries(blocks, settings, tally)), callsAtOnce, async (call) => {
        const outcome =
          outage === undefined
            ? await sendEntries(ports, backoff, call)
            : { failed: failAll(call, outage), outage };
        outage ??= outcome.outage;
        tally.deliver(call.length - outcome.failed.size);
        for (const [{ messageIds }, error] of outcome.failed) {
          tally.fail(messageIds, 1, error);
        }
      });
    });
    return tally.report();
  };
}

/** The positions that at least one trail of the block wants, ascending. */
function wantedPositions(block: ActivityBlock): readonly number[] {
  const wanted = new Set<number>();
  for (const { positions } of block.trails) {
    forEachPosition(positions, (position) => wanted.add(position));
  }
  return [...wanted].sort((one, other) => one - other);
}

/** The batch's entries in its order, made one at a time as they are asked for. */
function* pendingEntries(
  blocks: readonly BatchBlock<readonly number[]>[],
  settings: EventBusSettings,
  tally: BatchTally,
): Generator<PendingEntry> {
  const { eventSourcePrefix = "aws.", sendReadOnlyApiCalls = true } = settings;
  for (const { block, content: positions, messageIds } of blocks) {
    tally.receive(positions.length);
    if (block.origin !== "api") {
      tally.skip(`from-${block.origin}`, positions.length);
      continue;
    }
    const starts = recordStarts(block.lengths);
    for (const position of positions) {
      const start = starts[position] ?? 0;
      const length = block.lengths[position] ?? 0;
      if (length > MAX_SENT_RECORD_BYTES) {
        tally.skip("too-large", 1);
        continue;
      }
      try {
        const detail = block.text.toString("utf8", start, start + length);
        const fields = parseRecord(detail);
        const entry = eventEntry(block, position, detail, fields, eventSourcePrefix);
        const size = entrySize(entry, length);
        if (size > MAX_CALL_BYTES) {
          tally.skip("too-large", 1);
        } else if (!sendReadOnlyApiCalls && isWithheldReadOnlyCall(fields)) {
          tally.skip("read-only", 1);
        } else {
          yield { entry, size, messageIds };
        }
      } catch (error) {
        tally.fail(messageIds, 1, asError(error));
      }
    }
  }
}

function parseRecord(text: string): JsonObject {
  const fields: unknown = JSON.parse(text);
  if (!isJsonObject(fields)) {
    throw new TypeError("A record of the block is no JSON object");
  }
  return fields;
}
