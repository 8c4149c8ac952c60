import type { StatementSync } from "node:sqlite";
import type { DeadLetter, DeadLetters } from "../../ports/message-queue.ts";
import { bufferOf } from "./blob.ts";
import type { Database } from "./database.ts";
import { type LocalMessageQueue, messageId } from "./message-queue.ts";

/** The dead letters of all queues of a database. They keep their place: sent again, a letter is as old as it was. */
export class LocalDeadLetters implements DeadLetters {
  readonly #database: Database;
  readonly #queues: readonly LocalMessageQueue[];
  readonly #list: StatementSync;
  readonly #get: StatementSync;
  readonly #revive: StatementSync;
  readonly #reviveAll: StatementSync;
  readonly #remove: StatementSync;
  readonly #removeBody: StatementSync;
  readonly #count: StatementSync;
  readonly #countByQueue: StatementSync;

  /** @param queues those to wake when letters are sent again */
  constructor(database: Database, queues: readonly LocalMessageQueue[]) {
    this.#database = database;
    this.#queues = queues;
    const letter = `SELECT body_id, queue, receive_count, reason, sent_at, body
       FROM messages JOIN bodies ON bodies.id = body_id WHERE state = 'dead'`;
    this.#list = database.prepare(`${letter} AND queue = ifnull(?, queue) ORDER BY body_id, queue LIMIT ?`);
    this.#get = database.prepare(`${letter} AND body_id = ? AND queue = ?`);
    const revive = `UPDATE messages SET state = 'ready', receive_count = 0, crashes = 0, reason = NULL, receipt = 0
       WHERE state = 'dead'`;
    this.#revive = database.prepare(`${revive} AND body_id = ? AND queue = ?`);
    this.#reviveAll = database.prepare(revive);
    this.#remove = database.prepare(
      "DELETE FROM messages WHERE state = 'dead' AND body_id = ? AND queue = ?",
    );
    this.#removeBody = database.prepare(
      "DELETE FROM bodies WHERE id = ? AND NOT EXISTS (SELECT 1 FROM messages WHERE body_id = ?)",
    );
    this.#count = database.prepare("SELECT count(*) AS count FROM messages WHERE state = 'dead'");
    this.#countByQueue = database.prepare(
      "SELECT queue, count(*) AS count FROM messages WHERE state = 'dead' GROUP BY queue",
    );
  }

  async list(limit: number, queue?: string): Promise<readonly DeadLetter[]> {
    return (this.#list.all(queue ?? null, limit) as unknown as readonly LetterRow[]).map(deadLetter);
  }

  async get(id: string): Promise<DeadLetter | undefined> {
    const name = readMessageId(id);
    const row = name && (this.#get.get(...name) as LetterRow | undefined);
    return row && deadLetter(row);
  }

  async sendAgain(ids: readonly string[]): Promise<readonly string[]> {
    const revived = this.#each(ids, (bodyId, queue) => this.#revive.run(bodyId, queue).changes);
    this.#wakeQueues();
    return revived;
  }

  /** In one step, whatever time there is: bodies stay where they are. */
  async sendAllAgain(): Promise<number> {
    const revived = this.#database.transaction(() => Number(this.#reviveAll.run().changes));
    this.#wakeQueues();
    return revived;
  }

  async delete(ids: readonly string[]): Promise<number> {
    const deleted = this.#each(ids, (bodyId, queue) => {
      const { changes } = this.#remove.run(bodyId, queue);
      this.#removeBody.run(bodyId, bodyId);
      return changes;
    });
    return deleted.length;
  }

  async count(): Promise<number> {
    return (this.#count.get() as { count: number }).count;
  }

  /** How many letters each queue has that has any. */
  async countByQueue(): Promise<ReadonlyMap<string, number>> {
    const rows = this.#countByQueue.all() as unknown as readonly { queue: string; count: number }[];
    return new Map(rows.map(({ queue, count }) => [queue, count]));
  }

  #wakeQueues(): void {
    for (const queue of this.#queues) {
      queue.wake(0);
    }
  }

  /** Answers the ids of the letters that were changed. */
  #each(
    ids: readonly string[],
    change: (bodyId: number, queue: string) => number | bigint,
  ): readonly string[] {
    return this.#database.transaction(() =>
      ids.filter((id) => {
        const name = readMessageId(id);
        return name !== undefined && Number(change(...name)) > 0;
      }),
    );
  }
}

interface LetterRow {
  readonly body_id: number;
  readonly queue: string;
  readonly receive_count: number;
  readonly reason: string | null;
  readonly sent_at: number;
  readonly body: Uint8Array;
}

function deadLetter(row: LetterRow): DeadLetter {
  return {
    id: messageId(row.body_id, row.queue),
    queue: row.queue,
    body: bufferOf(row.body),
    receiveCount: row.receive_count,
    sentAt: row.sent_at,
    ...(row.reason !== null && { reason: row.reason }),
  };
}

/** The inverse of `messageId`; undefined for what is no message's name. */
function readMessageId(id: string): readonly [bodyId: number, queue: string] | undefined {
  const match = /^(\d{1,15})-(.+)$/.exec(id);
  return match?.[1] && match[2] ? [Number(match[1]), match[2]] : undefined;
}
