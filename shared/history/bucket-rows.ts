import type { OrderedStore } from "../ports/ordered-store.ts";
import { SegmentGone } from "./segment-gone.ts";
import { bucketKey } from "./spaces.ts";

/** Segments whose bucket is read ahead: a few at first, since a page is often full after the first segment. */
const FIRST_READ = 2;
const GROWTH = 4;

/**
 * The buckets of one lane and tier during a lookup. A bucket is read of several segments at once, of more the further
 * the lookup goes: a value that never occurs costs a handful of range reads, however many segments there are.
 */
export class BucketRows {
  readonly #store: OrderedStore;
  readonly #space: string;
  /** In the order in which the lookup will come to them. */
  readonly #segments: readonly number[];
  readonly #rows = new Map<number, Buffer>();
  readonly #reads = new Map<number, number>();

  constructor(store: OrderedStore, space: string, segments: readonly number[]) {
    this.#store = store;
    this.#space = space;
    this.#segments = segments;
  }

  /** @throws SegmentGone */
  async read(bucket: number, segment: number): Promise<Buffer> {
    const key = bucketKey(bucket, segment);
    if (!this.#rows.has(key)) {
      await this.#readAhead(bucket, segment);
    }
    const row = this.#rows.get(key);
    if (row === undefined) {
      throw new SegmentGone(`Segment ${segment} has no bucket ${bucket} in ${this.#space}`);
    }
    return row;
  }

  async #readAhead(bucket: number, segment: number): Promise<void> {
    const size = this.#reads.get(bucket) ?? FIRST_READ;
    this.#reads.set(bucket, size * GROWTH);
    const at = this.#segments.indexOf(segment);
    const ahead = this.#segments.slice(at, at + size);
    const rows = await this.#store.range(this.#space, {
      from: bucketKey(bucket, Math.min(...ahead)),
      to: bucketKey(bucket, Math.max(...ahead)),
    });
    for (const { key, value } of rows) {
      this.#rows.set(key, value);
    }
  }
}
