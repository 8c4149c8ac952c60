import { releaseMemory } from "../bytes/release-memory.ts";
import { forEachBounded } from "../concurrency/bounded.ts";
import type { ActivityBlock } from "../event/block.ts";

/** A message of a delivery queue: its body is a packed activity block. */
export interface DeliveryMessage {
  readonly id: string;
  readonly body: Buffer;
}

/**
 * Why records were not delivered and never will be, or need not be. `already-delivered`: an earlier attempt
 * did. `repeated-in-batch`: a copy of the message is in the same batch. `from-eventbridge`: the bus had it first; `from-log-file`: it is
 * only kept. `unsubscribed`: an endpoint wants no messages of a topic any more.
 */
export type SkipReason =
  | "already-delivered"
  | "repeated-in-batch"
  | "from-eventbridge"
  | "from-log-file"
  | "read-only"
  | "too-large"
  | "too-old"
  | "too-new"
  | "expired"
  | "unsubscribed";

/**
 * What became of a batch, in records: received = delivered + skipped + failed. Log files and log groups count
 * a record once for each trail that wants it; a message that cannot be decoded counts as one record.
 */
export interface DeliveryCounts {
  readonly received: number;
  readonly delivered: number;
  readonly skipped: Readonly<Partial<Record<SkipReason, number>>>;
  readonly failed: number;
}

/** What a delivery stage answers: which messages have to come again, by id, and why; and the counts. */
export interface BatchReport {
  readonly failed: ReadonlyMap<string, Error>;
  readonly counts: DeliveryCounts;
}

/** A delivery stage. It never rejects: a batch that fails as a whole is a report that names every message. */
export type Deliver = (messages: readonly DeliveryMessage[]) => Promise<BatchReport>;

/** A block of a batch, as its stage reads it, with the messages that carry it: several, if it came twice. */
export interface BatchBlock<Content> {
  readonly block: ActivityBlock;
  readonly messageIds: readonly string[];
  readonly content: Content;
}

/** Counts what becomes of a batch's records and gathers the failures. */
export class BatchTally {
  #received = 0;
  #delivered = 0;
  #failed = 0;
  readonly #skipped: Partial<Record<SkipReason, number>> = {};
  readonly #failures = new Map<string, Error>();

  receive(records: number): void {
    this.#received += records;
  }

  deliver(records: number): void {
    this.#delivered += records;
  }

  skip(reason: SkipReason, records: number): void {
    if (records > 0) {
      this.#skipped[reason] = (this.#skipped[reason] ?? 0) + records;
    }
  }

  /** Counts records as failed and has their messages come again. A message keeps its first error. */
  fail(messageIds: readonly string[], records: number, error: Error): void {
    this.#failed += records;
    for (const id of messageIds) {
      if (!this.#failures.has(id)) {
        this.#failures.set(id, error);
      }
    }
  }

  report(): BatchReport {
    return {
      failed: this.#failures,
      counts: {
        received: this.#received,
        delivered: this.#delivered,
        skipped: this.#skipped,
        failed: this.#failed,
      },
    };
  }
}

const UNPACKED_AT_ONCE = 4;

/**
 * Unpacks a batch, in its order, and lends its blocks to `deliver` until that resolves: their texts are gone
 * afterwards. What cannot be unpacked or read is put down as failed, and hurts no other message. A copy of a block
 * in the same batch shares the fate of the first, and is counted as skipped.
 * @param read what the stage makes of a block
 */
export async function withUnpackedBatch<Content>(
  messages: readonly DeliveryMessage[],
  tally: BatchTally,
  unpack: (body: Buffer) => Promise<ActivityBlock>,
  read: (block: ActivityBlock) => Content,
  deliver: (blocks: readonly BatchBlock<Content>[]) => Promise<void>,
): Promise<void> {
  const blocks = await unpackBatch(messages, tally, unpack, read);
  try {
    await deliver(blocks);
  } finally {
    for (const { block } of blocks) {
      releaseMemory(block.text);
    }
  }
}

async function unpackBatch<Content>(
  messages: readonly DeliveryMessage[],
  tally: BatchTally,
  unpack: (body: Buffer) => Promise<ActivityBlock>,
  read: (block: ActivityBlock) => Content,
): Promise<readonly BatchBlock<Content>[]> {
  const unpacked = new Map<DeliveryMessage, Omit<BatchBlock<Content>, "messageIds">>();
  await forEachBounded(messages, UNPACKED_AT_ONCE, async (message) => {
    try {
      const block = await unpack(message.body);
      unpacked.set(message, { block, content: read(block) });
    } catch (error) {
      tally.receive(1);
      tally.fail([message.id], 1, asError(error));
    }
  });
  const blocks = new Map<string, BatchBlock<Content> & { readonly messageIds: string[] }>();
  for (const message of messages) {
    const entry = unpacked.get(message);
    const first = blocks.get(entry?.block.id ?? "");
    if (entry !== undefined && first !== undefined) {
      const records = entry.block.lengths.length;
      first.messageIds.push(message.id);
      releaseMemory(entry.block.text);
      tally.receive(records);
      tally.skip("repeated-in-batch", records);
    } else if (entry !== undefined) {
      blocks.set(entry.block.id, { ...entry, messageIds: [message.id] });
    }
  }
  return [...blocks.values()];
}

/** Whatever was thrown, as an Error. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown), { cause: thrown });
}
