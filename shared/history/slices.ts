import { setImmediate as nextTurn } from "node:timers/promises";

/** Long work is cut into slices of so many ms, between which the process answers whoever waits. */
const SLICE_MS = 3;

/** Cuts work on one thread into slices, so that lookups need not wait until all of it is done. */
export class Slices {
  #startedAt = performance.now();

  /** Whether the slice has lasted long enough. To be asked often: `await` alone costs more than the question. */
  get isOver(): boolean {
    return performance.now() - this.#startedAt >= SLICE_MS;
  }

  /** Lets others run if the slice is over. */
  async pause(): Promise<void> {
    if (this.isOver) {
      await nextTurn();
      this.#startedAt = performance.now();
    }
  }
}
