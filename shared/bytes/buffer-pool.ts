import { releaseMemory } from "./release-memory.ts";

/** Sizes are rounded up to this, so that a buffer fits the next user too. */
const GRAIN_BYTES = 256 * 1024;

/** A kept buffer may be so many times larger than what is asked for. */
const LARGEST_EXCESS = 4;

/**
 * Large buffers that are used again. Fresh memory costs more than what is done with it on the way of the
 * records: the system hands it out page by page, and the garbage collector runs for it.
 */
export class BufferPool {
  readonly #keptBytes: number;
  /** By size, ascending. */
  readonly #free: Buffer[] = [];
  #freeBytes = 0;

  /** @param keptBytes how much memory the pool keeps while nobody uses it */
  constructor(keptBytes: number) {
    this.#keptBytes = keptBytes;
  }

  /**
   * Lends a buffer of `bytes` to `use`, until it resolves or rejects: nothing may look into it afterwards. What it
   * holds at first is whatever it held before.
   */
  async lend<T>(bytes: number, use: (buffer: Buffer) => Promise<T>): Promise<T> {
    const whole = this.#take(bytes);
    try {
      return await use(whole.subarray(0, bytes));
    } finally {
      this.#giveBack(whole);
    }
  }

  #take(bytes: number): Buffer {
    const index = this.#free.findIndex((buffer) => buffer.length >= bytes);
    const found = this.#free[index];
    if (found !== undefined && found.length <= Math.max(bytes * LARGEST_EXCESS, GRAIN_BYTES)) {
      this.#free.splice(index, 1);
      this.#freeBytes -= found.length;
      return found;
    }
    return Buffer.allocUnsafeSlow(Math.ceil(Math.max(bytes, 1) / GRAIN_BYTES) * GRAIN_BYTES);
  }

  #giveBack(buffer: Buffer): void {
    if (this.#freeBytes + buffer.length > this.#keptBytes) {
      releaseMemory(buffer);
      return;
    }
    this.#freeBytes += buffer.length;
    const index = this.#free.findIndex(({ length }) => length > buffer.length);
    this.#free.splice(index === -1 ? this.#free.length : index, 0, buffer);
  }
}
