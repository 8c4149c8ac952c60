import type { StatementSync } from "node:sqlite";
import { releaseMemory } from "../../bytes/release-memory.ts";
import type { Destination, PackedBlock } from "../../event/block.ts";
import { type ActivityTopic, TopicUnavailable } from "../../ports/activity-topic.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "./database.ts";
import { Gathering } from "./gathering.ts";
import type { LocalMessageQueue } from "./message-queue.ts";

/** A group of this many bytes waits for nobody. */
const FULL_GROUP_BYTES = 4 * 1024 * 1024;

interface Publication {
  readonly blocks: readonly PackedBlock[];
  readonly resolve: () => void;
  readonly reject: (error: TopicUnavailable) => void;
}

/**
 * A topic whose subscriptions are queues of the same database. One commit, and so one wait for the disk, serves all
 * publications that come side by side.
 */
export class LocalActivityTopic implements ActivityTopic {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #queues: Readonly<Record<Destination, LocalMessageQueue>>;
  readonly #addBody: StatementSync;
  readonly #publications = new Gathering<Publication>((group) => this.#commit(group), FULL_GROUP_BYTES);

  constructor(database: Database, clock: Clock, queues: Readonly<Record<Destination, LocalMessageQueue>>) {
    this.#database = database;
    this.#clock = clock;
    this.#queues = queues;
    this.#addBody = database.prepare("INSERT INTO bodies (sent_at, body) VALUES (?, ?)");
  }

  publish(blocks: readonly PackedBlock[]): Promise<void> {
    return new Promise((resolve, reject) => {
      const bytes = blocks.reduce((sum, block) => sum + block.body.length, 0);
      this.#publications.add({ blocks, resolve, reject }, bytes);
    });
  }

  #commit(group: readonly Publication[]): void {
    try {
      this.#write(group);
    } catch (cause) {
      const error = new TopicUnavailable(
        `The activity topic could not store ${group.length} publications: ${(cause as Error).message}`,
        { cause },
      );
      for (const { reject } of group) {
        reject(error);
      }
      return;
    }
    for (const { resolve } of group) {
      resolve();
    }
    for (const [destination, bytes] of newBytes(group)) {
      this.#queues[destination].wake(bytes);
    }
    for (const { body } of group.flatMap(({ blocks }) => blocks)) {
      releaseMemory(body);
    }
  }

  #write(group: readonly Publication[]): void {
    const sentAt = this.#clock.now();
    this.#database.transaction(() => {
      for (const block of group.flatMap(({ blocks }) => blocks)) {
        // A body without a message would never be deleted.
        if (block.destinations.length > 0) {
          const { lastInsertRowid } = this.#addBody.run(sentAt, block.body);
          for (const destination of block.destinations) {
            this.#queues[destination].enqueue(lastInsertRowid, block.body.length);
          }
        }
      }
    });
  }
}

/** The bytes that a group brought to each of its destinations. */
function newBytes(group: readonly Publication[]): ReadonlyMap<Destination, number> {
  const bytes = new Map<Destination, number>();
  for (const block of group.flatMap(({ blocks }) => blocks)) {
    for (const destination of block.destinations) {
      bytes.set(destination, (bytes.get(destination) ?? 0) + block.body.length);
    }
  }
  return bytes;
}
