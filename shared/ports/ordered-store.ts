/** A row: a value under an integer key in a named space. */
export interface StoredRow {
  readonly space: string;
  /** A whole number from 0 to 2^44 - 1. */
  readonly key: number;
  readonly value: Buffer;
}

/** A row to be written. */
export interface NewRow extends StoredRow {
  /** Milliseconds since the epoch: from then on the store may remove the row by itself. Absent: never. */
  readonly expiresAt?: number;
}

/** A row that is written only if the row under its key still is what the writer read. */
export interface ConditionalRow extends NewRow {
  /** The value that must be there now; `undefined`: there must be no row. */
  readonly expected: Buffer | undefined;
}

/** Which rows of a space a range read answers. */
export interface KeyRange {
  /** The lowest and the highest key, both included. */
  readonly from: number;
  readonly to: number;
  /** Highest keys first. Default false. */
  readonly reverse?: boolean;
  /** Default: all. */
  readonly limit?: number;
}

/**
 * A key-value store whose rows are ordered by integer keys within spaces. Reads see every write that was answered
 * before them.
 */
export interface OrderedStore {
  get(space: string, key: number): Promise<Buffer | undefined>;
  /** The rows of those keys that exist, by key. */
  getMany(space: string, keys: readonly number[]): Promise<ReadonlyMap<number, Buffer>>;
  range(space: string, range: KeyRange): Promise<readonly StoredRow[]>;
  /**
   * Writes rows, in any order. They may be lost in a crash until the next `commit` is answered: nothing may rest
   * on them before.
   */
  stage(rows: readonly NewRow[]): Promise<void>;
  /**
   * Writes rows, and after them the last one, which makes them count. When it answers true all of it, and what was
   * staged before, is durable; false, when the last row's condition does not hold: the others may be there.
   */
  commit(rows: readonly NewRow[], last: NewRow | ConditionalRow): Promise<boolean>;
  /** Adds to a counter, which starts at 0, and answers its new value. */
  increment(space: string, key: number, by: number): Promise<number>;
  /** Removes rows. */
  delete(space: string, keys: readonly number[]): Promise<void>;
  /** Gives up rows that nothing reads any more. A store whose rows expire may leave them until then. */
  discard(space: string, range: KeyRange): Promise<void>;
}
