import type { DeadLetter, DeadLetters } from "../../ports/message-queue.ts";
import type { MemoryMessageQueue, StoredMessage } from "./message-queue.ts";

/** The dead letters of some queues. */
export class MemoryDeadLetters implements DeadLetters {
  readonly #queues: readonly MemoryMessageQueue[];

  constructor(queues: readonly MemoryMessageQueue[]) {
    this.#queues = queues;
  }

  async list(limit: number, queue?: string): Promise<readonly DeadLetter[]> {
    return this.#letters()
      .filter((letter) => queue === undefined || letter.queue === queue)
      .sort((a, b) => a.sentAt - b.sentAt || a.order - b.order)
      .slice(0, limit);
  }

  async get(id: string): Promise<DeadLetter | undefined> {
    return this.#letters().find((letter) => letter.id === id);
  }

  async sendAgain(ids: readonly string[]): Promise<readonly string[]> {
    return ids.filter((id) => this.#queues.some((queue) => queue.revive(id)));
  }

  async sendAllAgain(): Promise<number> {
    return (await this.sendAgain(this.#letters().map(({ id }) => id))).length;
  }

  async delete(ids: readonly string[]): Promise<number> {
    return ids.filter((id) => this.#queues.some((queue) => queue.forget(id))).length;
  }

  async count(): Promise<number> {
    return this.#letters().length;
  }

  async countByQueue(): Promise<ReadonlyMap<string, number>> {
    const counts = this.#queues.map((queue) => [queue.name, queue.dead.size] as const);
    return new Map(counts.filter(([, count]) => count > 0));
  }

  #letters(): StoredMessage[] {
    return this.#queues.flatMap((queue) => [...queue.dead.values()]);
  }
}
