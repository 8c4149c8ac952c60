/** Lets one task a key run at a time, in the order in which they came. */
export class KeyMutex {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs the task after those of the same key, and answers what it answers. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key);
    const result = before ? before.then(task) : task();
    const done = result.then(
      () => {},
      () => {},
    );
    this.#last.set(key, done);
    try {
      return await result;
    } finally {
      if (this.#last.get(key) === done) {
        this.#last.delete(key);
      }
    }
  }
}
