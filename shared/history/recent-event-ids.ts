/** Hashes of a generation. Of two generations the older one is forgotten when the newer one is full. */
const PER_GENERATION = 131_072;

/**
 * Which eventIDs this process wrote lately, by hash: an event that came twice mostly does so within seconds, and to
 * look each one up in the index would cost as much as to write it.
 */
export class RecentEventIds {
  #newer = new Set<number>();
  #older = new Set<number>();
  #newerFrom = Number.POSITIVE_INFINITY;
  #olderFrom = Number.POSITIVE_INFINITY;

  /** From this position on, it has every eventID that was written. */
  get coversFrom(): number {
    return Math.min(this.#newerFrom, this.#olderFrom);
  }

  has(hash: number): boolean {
    return this.#newer.has(hash | 0) || this.#older.has(hash | 0);
  }

  /** @param position of the first record */
  add(hashes: readonly number[], position: number): void {
    if (this.#newer.size >= PER_GENERATION) {
      this.#older = this.#newer;
      this.#olderFrom = this.#newerFrom;
      this.#newer = new Set();
      this.#newerFrom = Number.POSITIVE_INFINITY;
    }
    this.#newerFrom = Math.min(this.#newerFrom, position);
    for (const hash of hashes) {
      // As a signed number it needs no memory of its own in V8.
      this.#newer.add(hash | 0);
    }
  }
}
