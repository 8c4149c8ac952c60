/** How long a group waits to become as large as the one before it. */
const GATHER_MS = 2;

/**
 * Gathers what tasks that run side by side bring, so that one commit, and so one wait for the disk, serves a whole
 * group: a lone item is committed as soon as the event loop has looked for others; where the last group had several,
 * the next one gathers until it has as many, for two milliseconds at most. Items are committed in the order in which
 * they came.
 */
export class Gathering<Item> {
  readonly #commit: (group: readonly Item[]) => void;
  readonly #fullBytes: number;
  #group: Item[] = [];
  #bytes = 0;
  #lastGroup = 1;
  #timer: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  /**
   * @param commit must not throw
   * @param fullBytes a group of this many bytes waits for nobody
   */
  constructor(commit: (group: readonly Item[]) => void, fullBytes = Number.POSITIVE_INFINITY) {
    this.#commit = commit;
    this.#fullBytes = fullBytes;
  }

  add(item: Item, bytes = 0): void {
    this.#group.push(item);
    this.#bytes += bytes;
    if (this.#group.length >= this.#lastGroup || this.#bytes >= this.#fullBytes) {
      this.#immediate ??= setImmediate(() => this.#end());
    } else {
      this.#timer ??= setTimeout(() => this.#end(), GATHER_MS);
    }
  }

  #end(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#immediate);
    this.#timer = undefined;
    this.#immediate = undefined;
    const group = this.#group;
    this.#group = [];
    this.#bytes = 0;
    this.#lastGroup = group.length;
    this.#commit(group);
  }
}
