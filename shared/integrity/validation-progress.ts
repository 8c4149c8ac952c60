import type { ValidationProgress } from "./validation.ts";

/** Counts what is done, and tells it at most ten times a second. */
export class Progress {
  readonly #tell: (progress: ValidationProgress) => void;
  readonly #counts = { digests: 0, allDigests: 0, logFiles: 0, allLogFiles: 0 };
  #toldAt = 0;

  constructor(tell: ((progress: ValidationProgress) => void) | undefined) {
    this.#tell = tell ?? (() => undefined);
  }

  addDigests(count: number): void {
    this.#counts.allDigests += count;
  }

  setLogFiles(count: number): void {
    this.#counts.allLogFiles = count;
  }

  digestDone(): void {
    this.#counts.digests += 1;
    this.#maybeTell();
  }

  logFileDone(): void {
    this.#counts.logFiles += 1;
    this.#maybeTell();
  }

  #maybeTell(): void {
    const now = Date.now();
    if (now - this.#toldAt >= 100) {
      this.#toldAt = now;
      this.#tell({ ...this.#counts });
    }
  }
}
