import type { StatementSync } from "node:sqlite";
import { releaseMemory } from "../../bytes/release-memory.ts";
import type { Destination, PackedBlock } from "../../event/block.ts";
import { type ActivityTopic, TopicUnavailable } from "../../ports/activity-topic.ts";
import type { Clock } from "../../ports/clock.ts";
import type { Database } from "./database.ts";
import type { LocalMessageQueue } from "./message-queue.ts";

/** How long a group waits to become as large as the one before it. */
const GATHER_MS = 2;
/** A group of this many bytes waits for nobody. */
const FULL_GROUP_BYTES = 4 * 1024 * 1024;

interface Publication {
  readonly blocks: readonly PackedBlock[];
  readonly resolve: () => void;
  readonly reject: (error: TopicUnavailable) => void;
}

/**
 * A topic whose subscriptions are queues of the same database. One commit, and so one wait for the disk, serves
 * all publications of a group: a lone caller is committed as soon as the event loop has looked for others; where
 * the last group had several, the next one gathers until it has as many, for two milliseconds at most.
 */
export class LocalActivityTopic implements ActivityTopic {
  readonly #database: Database;
  readonly #clock: Clock;
  readonly #queues: Readonly<Record<Destination, LocalMessageQueue>>;
  readonly #addBody: StatementSync;
  #group: Publication[] = [];
  #groupBytes = 0;
  #lastGroup = 1;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  constructor(database: Database, clock: Clock, queues: Readonly<Record<Destination, LocalMessageQueue>>) {
    this.#database = database;
    this.#clock = clock;
    this.#queues = queues;
    this.#addBody = database.prepare("INSERT INTO bodies (sent_at, body) VALUES (?, ?)");
  }

  publish(blocks: readonly PackedBlock[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#group.push({ blocks, resolve, reject });
      this.#groupBytes += blocks.reduce((bytes, block) => bytes + block.body.length, 0);
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#group.length >= this.#lastGroup || this.#groupBytes >= FULL_GROUP_BYTES) {
      this.#immediate ??= setImmediate(() => this.#commit());
    } else {
      this.#timer ??= setTimeout(() => this.#commit(), GATHER_MS);
    }
  }

  #commit(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    const group = this.#group;
    this.#group = [];
    this.#groupBytes = 0;
    this.#lastGroup = group.length;

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
