import type { BatchReport, Deliver } from "../shared/delivery/batch.ts";
import type { Clock } from "../shared/ports/clock.ts";
import type { MessageQueue, QueueMessage, ReceiveLimits } from "../shared/ports/message-queue.ts";

/** A queue of this process, which tells when it has messages. */
export interface WakingQueue extends MessageQueue {
  /** Calls back when messages became ready, with the bytes of their bodies where they are new ones. */
  onReady(listener: (bytes: number) => void): () => void;
  /** When the next message that is held or delayed can be received, in ms since the epoch; absent if none is. */
  nextVisibleAt(): number | undefined;
  /** How many messages are ready and the bytes of their bodies, counted up to so many messages. */
  countReady(atMost: number): ReceiveLimits;
}

/** How a stage takes messages from its queue: what an event source mapping is on AWS. */
export interface PumpSettings {
  readonly limits: ReceiveLimits;
  /** How long to gather messages before a batch that is not full is handed on, in ms. */
  readonly batchWindowMs: number;
  /** Longer than the handler may take, in ms. */
  readonly visibilityMs: number;
  /** How long a failed message waits, in ms, by how often it was received. */
  readonly retryDelayMs: (receiveCount: number) => number;
}

/** What a pump tells of each batch. */
export interface PumpListener {
  batchDone(stage: string, report: BatchReport): void;
  /** The handler threw, or the queue did. */
  pumpFailed(stage: string, problem: unknown): void;
}

/** How long the pump rests after the queue itself failed (its disk may be full), in ms. */
const REST_AFTER_FAILURE_MS = 1_000;

const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Moves batches from a queue to the handler of a stage, one at a time, until it is stopped. */
export class QueuePump {
  readonly #queue: WakingQueue;
  readonly #handle: Deliver;
  readonly #settings: PumpSettings;
  readonly #clock: Clock;
  readonly #listener: PumpListener;
  #stopping = false;
  /** Messages became ready since the last receipt. */
  #ready = false;
  #gatheredBytes = 0;
  #wake: () => void = () => undefined;
  #run: Promise<void> | undefined;

  constructor(
    queue: WakingQueue,
    handle: Deliver,
    settings: PumpSettings,
    clock: Clock,
    listener: PumpListener,
  ) {
    this.#queue = queue;
    this.#handle = handle;
    this.#settings = settings;
    this.#clock = clock;
    this.#listener = listener;
  }

  start(): void {
    this.#queue.onReady((bytes) => {
      this.#gatheredBytes += bytes;
      this.#ready = true;
      this.#wake();
    });
    this.#run = this.#loop();
  }

  /** Hands on what is ready without waiting for a full batch, then ends. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#wake();
    await this.#run;
  }

  async #loop(): Promise<void> {
    for (;;) {
      try {
        const handled = await this.#nextBatch();
        if (handled === 0) {
          if (this.#stopping) {
            return;
          }
          await this.#waitForMessages();
        }
        await this.#gather();
      } catch (problem) {
        this.#listener.pumpFailed(this.#queue.name, problem);
        if (this.#stopping) {
          return;
        }
        await this.#clock.sleep(REST_AFTER_FAILURE_MS);
      }
    }
  }

  async #waitForMessages(): Promise<void> {
    while (!this.#ready && !this.#stopping) {
      const visibleAt = this.#queue.nextVisibleAt();
      const wait = visibleAt === undefined ? undefined : visibleAt - this.#clock.now();
      if (wait !== undefined && wait <= 0) {
        return;
      }
      await this.#sleepUntilWoken(wait);
    }
  }

  /** Waits for the end of the batching window, or until there is enough for a full batch. */
  async #gather(): Promise<void> {
    const until = this.#clock.now() + this.#settings.batchWindowMs;
    while (!this.#stopping && this.#gatheredBytes < this.#settings.limits.bytes) {
      const left = until - this.#clock.now();
      if (left <= 0) {
        return;
      }
      await this.#sleepUntilWoken(left);
    }
  }

  /** @param ms undefined: until woken, however long that takes */
  #sleepUntilWoken(ms: number | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = ms === undefined ? undefined : setTimeout(resolve, Math.min(ms, LONGEST_TIMER_MS));
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #nextBatch(): Promise<number> {
    const { limits, visibilityMs, batchWindowMs } = this.#settings;
    this.#ready = false;
    const messages = await this.#queue.receive(limits, visibilityMs);
    if (messages.length === 0) {
      this.#gatheredBytes = 0;
      return 0;
    }
    const failed = await this.#failures(messages);
    await this.#untilItSucceeds(() => this.#queue.delete(messages.filter(({ id }) => !failed.has(id))));
    for (const message of messages) {
      const problem = failed.get(message.id);
      if (problem !== undefined) {
        const delay = this.#settings.retryDelayMs(message.receiveCount);
        await this.#untilItSucceeds(() => this.#queue.retry([message], delay, problem.message));
      }
    }
    if (batchWindowMs > 0) {
      this.#countBacklog();
    }
    return messages.length;
  }

  /** What a full batch left behind, and what came back after an outage, was told to nobody. */
  #countBacklog(): void {
    const { limits } = this.#settings;
    const { messages, bytes } = this.#queue.countReady(limits.messages);
    this.#gatheredBytes = messages < limits.messages ? bytes : limits.bytes;
  }

  /**
   * Tells the queue what became of a batch. If it were tried only once, the batch would be held until its
   * visibility ends, and then be delivered again. Who stops leaves it at that: the next process begins with it.
   */
  async #untilItSucceeds(tell: () => Promise<void>): Promise<void> {
    for (;;) {
      try {
        return await tell();
      } catch (problem) {
        if (this.#stopping) {
          throw problem;
        }
        this.#listener.pumpFailed(this.#queue.name, problem);
        await this.#clock.sleep(REST_AFTER_FAILURE_MS);
      }
    }
  }

  /** A handler that throws has delivered nothing that it could vouch for: the whole batch comes again. */
  async #failures(messages: readonly QueueMessage[]): Promise<ReadonlyMap<string, Error>> {
    try {
      const report = await this.#handle(messages.map(({ id, body }) => ({ id, body })));
      this.#listener.batchDone(this.#queue.name, report);
      return report.failed;
    } catch (problem) {
      this.#listener.pumpFailed(this.#queue.name, problem);
      const error = problem instanceof Error ? problem : new Error(String(problem));
      return new Map(messages.map(({ id }) => [id, error]));
    }
  }
}
