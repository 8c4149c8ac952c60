import type { EntryFailure, EventBus, EventEntry } from "../../ports/event-bus.ts";

/** An event bus that keeps what it is given, takes every entry and has no rules. */
export class MemoryEventBus implements EventBus {
  readonly #entries: EventEntry[] = [];

  /** Every entry that was put, in order. */
  get entries(): readonly EventEntry[] {
    return this.#entries;
  }

  async putEvents(entries: readonly EventEntry[]): Promise<readonly (EntryFailure | undefined)[]> {
    this.#entries.push(...entries);
    return entries.map(() => undefined);
  }
}
