import type { Clock } from "../../ports/clock.ts";
import type { MessageQueue, QueueDepth, QueueMessage, ReceiveLimits } from "../../ports/message-queue.ts";

/** A message where it lies in a queue, or among the dead letters. */
export interface StoredMessage {
  readonly id: string;
  readonly queue: string;
  readonly order: number;
  readonly body: Buffer;
  readonly sentAt: number;
  readonly receiveCount: number;
  /** Milliseconds since the epoch: before then it is held or delayed. */
  readonly dueAt: number;
  readonly receipt?: string;
  readonly reason?: string;
}

/** A queue that ends with the process. */
export class MemoryMessageQueue implements MessageQueue {
  readonly name: string;
  readonly #clock: Clock;
  readonly #maxReceives: number;
  readonly #messages = new Map<string, StoredMessage>();
  readonly #dead = new Map<string, StoredMessage>();
  #sent = 0;
  #received = 0;

  constructor(clock: Clock, settings: { readonly name: string; readonly maxReceives: number }) {
    this.name = settings.name;
    this.#clock = clock;
    this.#maxReceives = settings.maxReceives;
  }

  /** What this queue gave up on, by message id. */
  get dead(): ReadonlyMap<string, StoredMessage> {
    return this.#dead;
  }

  async send(bodies: readonly Buffer[]): Promise<void> {
    const sentAt = this.#clock.now();
    for (const body of bodies) {
      this.#sent += 1;
      const id = `${this.#sent}-${this.name}`;
      this.#messages.set(id, {
        id,
        queue: this.name,
        order: this.#sent,
        body,
        sentAt,
        receiveCount: 0,
        dueAt: 0,
      });
    }
  }

  async receive(limits: ReceiveLimits, visibilityMs: number): Promise<readonly QueueMessage[]> {
    const now = this.#clock.now();
    const received: QueueMessage[] = [];
    let bytes = 0;
    for (const message of this.#inOrder().filter(({ dueAt }) => dueAt <= now)) {
      if (message.receiveCount >= this.#maxReceives) {
        this.#bury(message, "was not deleted within its visibility timeout");
        continue;
      }
      bytes += message.body.length;
      if (received.length === limits.messages || (received.length > 0 && bytes > limits.bytes)) {
        break;
      }
      this.#received += 1;
      const held = {
        ...message,
        receipt: `${this.#received}`,
        receiveCount: message.receiveCount + 1,
        dueAt: now + visibilityMs,
      };
      this.#messages.set(message.id, held);
      received.push(held);
    }
    return received;
  }

  async delete(messages: readonly QueueMessage[]): Promise<void> {
    for (const { id } of this.#held(messages)) {
      this.#messages.delete(id);
    }
  }

  async retry(messages: readonly QueueMessage[], delayMs: number, reason: string): Promise<void> {
    for (const message of this.#held(messages)) {
      if (message.receiveCount >= this.#maxReceives) {
        this.#bury(message, reason);
      } else {
        const { receipt: _, ...givenBack } = message;
        this.#messages.set(message.id, { ...givenBack, dueAt: this.#clock.now() + delayMs });
      }
    }
  }

  async depth(): Promise<QueueDepth> {
    const now = this.#clock.now();
    const messages = this.#inOrder();
    const ready = messages.filter(({ dueAt }) => dueAt <= now).length;
    const [oldest] = messages;
    return {
      ready,
      inFlight: messages.length - ready,
      ...(oldest && { oldestSentAt: oldest.sentAt }),
    };
  }

  /** Puts a dead letter back, as if never received. False if there is none with that id. */
  revive(id: string): boolean {
    const letter = this.#dead.get(id);
    if (letter) {
      const { reason: _, ...message } = letter;
      this.#messages.set(id, { ...message, receiveCount: 0, dueAt: 0 });
    }
    return this.forget(id);
  }

  /** Removes a dead letter. False if there is none with that id. */
  forget(id: string): boolean {
    return this.#dead.delete(id);
  }

  #inOrder(): readonly StoredMessage[] {
    return [...this.#messages.values()].sort((a, b) => a.order - b.order);
  }

  #held(messages: readonly QueueMessage[]): readonly StoredMessage[] {
    return messages.flatMap(({ id, receipt }) => {
      const message = this.#messages.get(id);
      return message?.receipt === receipt ? [message] : [];
    });
  }

  #bury(message: StoredMessage, reason: string): void {
    const { receipt: _, ...rest } = message;
    this.#messages.delete(message.id);
    this.#dead.set(message.id, { ...rest, reason });
  }
}
