/** Bounds how many bytes are held at once. Who asks for more than is free waits, first come, first served. */
export class ByteBudget {
  readonly #limit: number;
  #held = 0;
  readonly #waiting: { readonly bytes: number; readonly admit: () => void }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Runs `task` while it holds `bytes`. More than the whole budget is let in when nothing else is. */
  async hold<Result>(bytes: number, task: () => Promise<Result>): Promise<Result> {
    if (this.#waiting.length > 0 || !this.#fits(bytes)) {
      await new Promise<void>((admit) => this.#waiting.push({ bytes, admit }));
    } else {
      this.#held += bytes;
    }
    try {
      return await task();
    } finally {
      this.#held -= bytes;
      this.#admitWaiting();
    }
  }

  #fits(bytes: number): boolean {
    return this.#held === 0 || this.#held + bytes <= this.#limit;
  }

  #admitWaiting(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#held += next.bytes;
      next.admit();
    }
  }
}
