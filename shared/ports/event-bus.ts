/** An entry of PutEvents. */
export interface EventEntry {
  readonly source: string;
  readonly detailType: string;
  /** JSON text: a record. */
  readonly detail: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly accountId: string;
  readonly region: string;
  /** ARNs. Records have none. */
  readonly resources?: readonly string[];
}

/** Why an entry was not taken. */
export interface EntryFailure {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** An event bus with rules on it. */
export interface EventBus {
  /**
   * Puts at most 10 entries of 256 KB together. Answers, in the entries' order, what failed and undefined
   * for what was taken; throws if the call as a whole failed.
   */
  putEvents(entries: readonly EventEntry[]): Promise<readonly (EntryFailure | undefined)[]>;
}
