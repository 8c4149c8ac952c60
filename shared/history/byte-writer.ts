const SEVEN_BITS = 128;

/** Gathers bytes: whole numbers in as many groups of seven bits as they need (LEB128), and blobs. */
export class ByteWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = Buffer.allocUnsafe(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** @param value a whole number from 0 to 2^53 - 1 */
  number(value: number): void {
    this.#reserve(8);
    let rest = value;
    while (rest >= SEVEN_BITS) {
      // Shifts work on 32 bits alone; times and positions are longer.
      this.#bytes[this.#length++] = (rest % SEVEN_BITS) + SEVEN_BITS;
      rest = rest < 2 ** 31 ? rest >>> 7 : Math.floor(rest / SEVEN_BITS);
    }
    this.#bytes[this.#length++] = rest;
  }

  /** A whole number of either sign; small ones of both take few bytes. */
  signed(value: number): void {
    this.number(value < 0 ? -2 * value - 1 : 2 * value);
  }

  blob(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Starts anew. What `bytes` gave before must have been copied. */
  clear(): void {
    this.#length = 0;
  }

  /** A view of what was written so far: it changes with the writer. */
  view(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  /** A copy of what was written so far. */
  bytes(): Buffer {
    return Buffer.from(this.view());
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, 2 * this.#bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
  }
}
