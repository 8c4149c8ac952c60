/** A message that a consumer holds until it deletes it, gives it back, or its visibility timeout ends. */
export interface QueueMessage {
  /** Names the message for `delete` and `retry`; another one each time the message is received. */
  readonly receipt: string;
  /** Names the message for people; the same at every receipt. */
  readonly id: string;
  readonly body: Buffer;
  /** How often it was received, this time included. */
  readonly receiveCount: number;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
}

/** What a batch may hold at most. */
export interface ReceiveLimits {
  readonly messages: number;
  /** Of the bodies; a single larger message is received alone. */
  readonly bytes: number;
}

/** How full a queue is. */
export interface QueueDepth {
  readonly ready: number;
  readonly inFlight: number;
  /** Milliseconds since the epoch; absent when the queue is empty. */
  readonly oldestSentAt?: number;
}

/** A durable queue, delivered at least once, oldest first as far as the store can. */
export interface MessageQueue {
  readonly name: string;
  send(bodies: readonly Buffer[]): Promise<void>;
  /**
   * Takes messages, which nobody else receives for `visibilityMs`. Answers at once, empty if there are none. Their
   * bodies are there until the messages are deleted or given back.
   */
  receive(limits: ReceiveLimits, visibilityMs: number): Promise<readonly QueueMessage[]>;
  delete(messages: readonly QueueMessage[]): Promise<void>;
  /**
   * Gives messages back, to be received again after `delayMs`. A message that was received as often as the
   * queue allows goes to the dead letters instead, with `reason`.
   */
  retry(messages: readonly QueueMessage[], delayMs: number, reason: string): Promise<void>;
  depth(): Promise<QueueDepth>;
}

/** A message that failed as often as its queue allows. */
export interface DeadLetter {
  readonly id: string;
  readonly queue: string;
  readonly body: Buffer;
  readonly receiveCount: number;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  /** What the last attempt failed with, where the store keeps it. */
  readonly reason?: string;
}

/** The messages that a queue gave up on. They stay until they are sent again or deleted. */
export interface DeadLetters {
  /** Oldest first, at most `limit`; of all queues, or of one. */
  list(limit: number, queue?: string): Promise<readonly DeadLetter[]>;
  get(id: string): Promise<DeadLetter | undefined>;
  /** Puts the letters back into their queue, as if never received. Answers the ids of those that there were. */
  sendAgain(ids: readonly string[]): Promise<readonly string[]>;
  /**
   * The same for the letters that there are now, of all queues. Begins nothing more after `forMs`, so that some may be left.
   * Answers how many it was done to.
   */
  sendAllAgain(forMs: number): Promise<number>;
  delete(ids: readonly string[]): Promise<number>;
  count(): Promise<number>;
  /** How many there are by the queue that gave up; a queue without any is not named. */
  countByQueue(): Promise<ReadonlyMap<string, number>>;
}
