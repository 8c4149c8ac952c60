import type { Clock } from "../../ports/clock.ts";
import type { ImportClaim, ImportLease, ImportProgress, ImportStore } from "../../ports/import-store.ts";

const NOTHING: ImportProgress = { records: 0, refused: 0, isComplete: false };

/** Imports that are remembered as long as the process lives, or some ms after their last note. */
export class MemoryImportStore implements ImportStore {
  readonly #clock: Clock;
  readonly #memoryMs: number;
  readonly #imports = new Map<string, ImportLease & { progress: ImportProgress; expiresAt: number }>();

  constructor(clock: Clock, memoryMs: number) {
    this.#clock = clock;
    this.#memoryMs = memoryMs;
  }

  async claim(file: string, lease: ImportLease): Promise<ImportClaim> {
    const now = this.#clock.now();
    const known = this.#known(file);
    if (known?.progress.isComplete) return { outcome: "imported", progress: known.progress };
    if (known !== undefined && known.owner !== lease.owner && known.until > now) {
      return { outcome: "busy", until: known.until };
    }
    const progress = known?.progress ?? NOTHING;
    this.#imports.set(file, { ...lease, progress, expiresAt: now + this.#memoryMs });
    return { outcome: "claimed", progress };
  }

  async note(file: string, lease: ImportLease, progress: ImportProgress): Promise<boolean> {
    if (this.#known(file)?.owner !== lease.owner) return false;
    this.#imports.set(file, { ...lease, progress, expiresAt: this.#clock.now() + this.#memoryMs });
    return true;
  }

  async read(file: string): Promise<ImportProgress | undefined> {
    return this.#known(file)?.progress;
  }

  #known(file: string) {
    const known = this.#imports.get(file);
    return known !== undefined && known.expiresAt > this.#clock.now() ? known : undefined;
  }
}
