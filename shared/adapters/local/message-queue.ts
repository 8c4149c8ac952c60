import type { StatementSync } from "node:sqlite";
import { releaseMemory } from "../../bytes/release-memory.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MessageQueue, QueueDepth, QueueMessage, ReceiveLimits } from "../../ports/message-queue.ts";
import { bufferOf } from "./blob.ts";
import type { Database } from "./database.ts";

export interface LocalQueueSettings {
  readonly name: string;
  /** How often a message is received at most. */
  readonly maxReceives: number;
}

/** A message that the process has ended on so often is received alone: another of its batch may have been the reason. */
const CRASHES_IN_COMPANY = 3;
/** A message that the process has ended on so often is a dead letter. */
const MOST_CRASHES = 10;

/**
 * A queue in SQLite. Make one object a queue and process: a new one takes every message that is in flight to
 * belong to a process that is gone, and makes it ready again. A receipt that ended with its process is not counted as a
 * failure, since most say nothing against the message; a message that the process ends on time and again is given up all the
 * same.
 *
 * Receiving, deleting and giving back do not wait for the disk. A loss of power may undo them, and the
 * messages come again, as a queue's may.
 */
export class LocalMessageQueue implements MessageQueue {
  readonly name: string;
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #maxReceives: number;
  readonly #sql: ReturnType<typeof statements>;
  readonly #listeners = new Set<(bytes: number) => void>();
  #lastReceipt = 0;

  constructor(database: Database, clock: Clock, settings: LocalQueueSettings) {
    this.name = settings.name;
    this.#database = database;
    this.#clock = clock;
    this.#maxReceives = settings.maxReceives;
    this.#sql = statements(database);
    this.#database.relaxedTransaction(() => {
      this.#sql.buryCrashed.run(
        `The process ended ${MOST_CRASHES} times while it held the message`,
        this.name,
        MOST_CRASHES,
      );
      this.#sql.endReceipts.run(this.name);
    });
  }

  /**
   * Calls the listener after each change that makes messages ready at once: a publication, a send, a retry
   * without delay. It is told the bytes of the bodies that are new. What becomes ready later is told by
   * `nextVisibleAt`. Answers a function that ends this.
   */
  onReady(listener: (bytes: number) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** When the next message that is held or delayed can be received, in ms since the epoch; absent if none is. */
  nextVisibleAt(): number | undefined {
    const row = this.#sql.nextDue.get(this.name) as { due_at: number } | undefined;
    return row?.due_at;
  }

  /** How many messages are ready and the bytes of their bodies, counted up to so many messages. */
  countReady(atMost: number): ReceiveLimits {
    return this.#sql.sumReady.get(this.name, atMost) as unknown as ReceiveLimits;
  }

  async send(bodies: readonly Buffer[]): Promise<void> {
    const sentAt = this.#clock.now();
    this.#database.transaction(() => {
      for (const body of bodies) {
        const { lastInsertRowid } = this.#sql.addBody.run(sentAt, body);
        this.enqueue(lastInsertRowid, body.length);
      }
    });
    this.wake(bodies.reduce((bytes, body) => bytes + body.length, 0));
  }

  /** Within a transaction: puts a message with that body into the queue. Call `wake` after the commit. */
  enqueue(bodyId: number | bigint, bytes: number): void {
    this.#sql.add.run(bodyId, this.name, bytes);
  }

  /** Tells the listeners that messages are ready. @param bytes of the bodies that are new */
  wake(bytes: number): void {
    for (const listener of this.#listeners) {
      listener(bytes);
    }
  }

  async receive(limits: ReceiveLimits, visibilityMs: number): Promise<readonly QueueMessage[]> {
    const now = this.#clock.now();
    return this.#database.relaxedTransaction(() => {
      this.#sql.giveUp.run(
        "was not deleted within its visibility timeout",
        this.name,
        now,
        this.#maxReceives,
      );
      this.#sql.endTimeouts.run(this.name, now);
      const messages: QueueMessage[] = [];
      let bytes = 0;
      for (const row of this.#sql.ready.all(this.name, limits.messages) as unknown as readonly ReadyRow[]) {
        bytes += row.bytes;
        const isSuspect = row.crashes >= CRASHES_IN_COMPANY;
        if (messages.length > 0 && (isSuspect || bytes > limits.bytes)) {
          break;
        }
        messages.push(this.#hold(row, now + visibilityMs));
        if (isSuspect) {
          break;
        }
      }
      return messages;
    });
  }

  async delete(messages: readonly QueueMessage[]): Promise<void> {
    this.#database.relaxedTransaction(() => {
      for (const message of messages) {
        const [bodyId, receipt] = readReceipt(message.receipt);
        if (this.#sql.remove.run(bodyId, this.name, receipt).changes > 0) {
          this.#sql.removeBody.run(bodyId, bodyId);
        }
      }
    });
    releaseBodies(messages);
  }

  async retry(messages: readonly QueueMessage[], delayMs: number, reason: string): Promise<void> {
    const dueAt = this.#clock.now() + delayMs;
    this.#database.relaxedTransaction(() => {
      for (const message of messages) {
        const [bodyId, receipt] = readReceipt(message.receipt);
        const { changes } = this.#sql.bury.run(reason, bodyId, this.name, receipt, this.#maxReceives);
        if (changes === 0) {
          this.#sql.delay.run(dueAt, bodyId, this.name, receipt);
        }
      }
    });
    releaseBodies(messages);
    if (delayMs <= 0) {
      this.wake(0);
    }
  }

  async depth(): Promise<QueueDepth> {
    const now = this.#clock.now();
    const ready = this.#sql.countReady.get(this.name) as unknown as CountRow;
    const waiting = this.#sql.countWaiting.get(now, this.name) as unknown as CountRow & { due: number };
    const counts = {
      ready: ready.count + waiting.due,
      inFlight: waiting.count - waiting.due,
    };
    const oldest = [ready.oldest, waiting.oldest].filter((id) => id !== null);
    if (oldest.length === 0) {
      return counts;
    }
    const { sent_at: oldestSentAt } = this.#sql.sentAt.get(Math.min(...oldest)) as { sent_at: number };
    return { ...counts, oldestSentAt };
  }

  #hold(row: ReadyRow, dueAt: number): QueueMessage {
    this.#lastReceipt += 1;
    this.#sql.hold.run(dueAt, this.#lastReceipt, row.body_id, this.name);
    const body = this.#sql.body.get(row.body_id) as unknown as BodyRow;
    return {
      receipt: `${row.body_id}:${this.#lastReceipt}`,
      id: messageId(row.body_id, this.name),
      body: bufferOf(body.body),
      receiveCount: row.receive_count + 1,
      sentAt: body.sent_at,
    };
  }
}

/** How a message is named for people. */
export function messageId(bodyId: number, queue: string): string {
  return `${bodyId}-${queue}`;
}

interface ReadyRow {
  readonly body_id: number;
  readonly bytes: number;
  readonly receive_count: number;
  readonly crashes: number;
}

interface BodyRow {
  readonly sent_at: number;
  readonly body: Uint8Array;
}

interface CountRow {
  readonly count: number;
  readonly oldest: number | null;
}

/** Who deletes messages or gives them back has read them: each receipt has a body of its own. */
function releaseBodies(messages: readonly QueueMessage[]): void {
  for (const { body } of messages) {
    releaseMemory(body);
  }
}

function readReceipt(receipt: string): readonly [bodyId: number, receipt: number] {
  const [bodyId, number] = receipt.split(":");
  return [Number(bodyId), Number(number)];
}

function statements(
  database: Database,
): Record<
  | "addBody"
  | "add"
  | "buryCrashed"
  | "endReceipts"
  | "giveUp"
  | "endTimeouts"
  | "ready"
  | "hold"
  | "body"
  | "remove"
  | "removeBody"
  | "bury"
  | "delay"
  | "nextDue"
  | "sumReady"
  | "countReady"
  | "countWaiting"
  | "sentAt",
  StatementSync
> {
  return {
    addBody: database.prepare("INSERT INTO bodies (sent_at, body) VALUES (?, ?)"),
    add: database.prepare(
      "INSERT INTO messages (body_id, queue, bytes, state, due_at) VALUES (?, ?, ?, 'ready', 0)",
    ),
    buryCrashed: database.prepare(
      `UPDATE messages SET state = 'dead', due_at = 0, reason = ?, crashes = crashes + 1
       WHERE queue = ? AND state = 'waiting' AND receipt <> 0 AND crashes + 1 >= ?`,
    ),
    // Messages that were given back (receipt 0) keep their delay.
    endReceipts: database.prepare(
      `UPDATE messages SET state = 'ready', due_at = 0, receive_count = receive_count - 1, crashes = crashes + 1
       WHERE queue = ? AND state = 'waiting' AND receipt <> 0`,
    ),
    giveUp: database.prepare(
      `UPDATE messages SET state = 'dead', due_at = 0, reason = ?
       WHERE queue = ? AND state = 'waiting' AND due_at <= ? AND receive_count >= ?`,
    ),
    endTimeouts: database.prepare(
      "UPDATE messages SET state = 'ready', due_at = 0 WHERE queue = ? AND state = 'waiting' AND due_at <= ?",
    ),
    ready: database.prepare(
      `SELECT body_id, bytes, receive_count, crashes FROM messages
       WHERE queue = ? AND state = 'ready' AND due_at = 0 ORDER BY body_id LIMIT ?`,
    ),
    hold: database.prepare(
      `UPDATE messages SET state = 'waiting', due_at = ?, receipt = ?, receive_count = receive_count + 1
       WHERE body_id = ? AND queue = ?`,
    ),
    body: database.prepare("SELECT sent_at, body FROM bodies WHERE id = ?"),
    remove: database.prepare(
      "DELETE FROM messages WHERE body_id = ? AND queue = ? AND receipt = ? AND state <> 'dead'",
    ),
    removeBody: database.prepare(
      "DELETE FROM bodies WHERE id = ? AND NOT EXISTS (SELECT 1 FROM messages WHERE body_id = ?)",
    ),
    bury: database.prepare(
      `UPDATE messages SET state = 'dead', due_at = 0, reason = ?
       WHERE body_id = ? AND queue = ? AND receipt = ? AND state <> 'dead' AND receive_count >= ?`,
    ),
    delay: database.prepare(
      `UPDATE messages SET state = 'waiting', due_at = ?, receipt = 0
       WHERE body_id = ? AND queue = ? AND receipt = ? AND state <> 'dead'`,
    ),
    nextDue: database.prepare(
      "SELECT due_at FROM messages WHERE queue = ? AND state = 'waiting' ORDER BY due_at LIMIT 1",
    ),
    sumReady: database.prepare(
      `SELECT count(*) AS messages, ifnull(sum(bytes), 0) AS bytes FROM
       (SELECT bytes FROM messages WHERE queue = ? AND state = 'ready' AND due_at = 0 LIMIT ?)`,
    ),
    countReady: database.prepare(
      "SELECT count(*) AS count, min(body_id) AS oldest FROM messages WHERE queue = ? AND state = 'ready'",
    ),
    countWaiting: database.prepare(
      `SELECT count(*) AS count, min(body_id) AS oldest, count(*) FILTER (WHERE due_at <= ?) AS due
       FROM messages WHERE queue = ? AND state = 'waiting'`,
    ),
    sentAt: database.prepare("SELECT sent_at FROM bodies WHERE id = ?"),
  };
}
