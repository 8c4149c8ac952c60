import type { Clock } from "../../ports/clock.ts";

/** A clock that stands still until somebody sleeps or moves it: a sleep takes no time but the clock's own. */
export class MemoryClock implements Clock {
  #now: number;

  /** @param now milliseconds since the epoch */
  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }

  async sleep(ms: number): Promise<void> {
    this.advance(ms);
  }
}
