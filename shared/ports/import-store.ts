/** How far the import of a log file has come. */
export interface ImportProgress {
  /** Records of the file, from its first one on, that are durable, left out or refused: the next one's position. */
  readonly records: number;
  /** How many of them were refused. */
  readonly refused: number;
  /** Whether it was the whole file. */
  readonly isComplete: boolean;
}

/** What somebody who wants to import a log file is told. */
export type ImportClaim =
  /** It is theirs until the lease ends, from where the import has come to. */
  | { readonly outcome: "claimed"; readonly progress: ImportProgress }
  | { readonly outcome: "imported"; readonly progress: ImportProgress }
  /** Somebody else has it. @see ImportLease.until, in ms since the epoch */
  | { readonly outcome: "busy"; readonly until: number };

/** Who imports a log file, and how long the others wait for them. */
export interface ImportLease {
  /** Unique to one attempt. */
  readonly owner: string;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/**
 * Which log files were imported, so that no file is imported twice: named by bucket, key and ETag, for a time. A file
 * is imported in parts, in order; between a part that is durable and the note of it a process may end, and that part
 * comes again (before the topic, delivery is at least once).
 */
export interface ImportStore {
  /**
   * Takes a file for its import, unless it was imported already or somebody else's lease on it runs. The same owner's
   * claim again is a longer lease.
   * @param file see `importName`
   */
  claim(file: string, lease: ImportLease): Promise<ImportClaim>;
  /**
   * Notes how far the import has come, and gives the file until the lease's end again; one that is complete is nobody's
   * any more, and one whose lease ends now is free for the next attempt.
   * @returns false where the file is not the owner's any more: nothing was noted
   */
  note(file: string, lease: ImportLease, progress: ImportProgress): Promise<boolean>;
  /** How far the import of a file has come, as nobody who imports it; undefined if it is not known. */
  read(file: string): Promise<ImportProgress | undefined>;
}
