/** When parts of the index are merged. The defaults were measured (`bench/history.ts`); tests take smaller ones. */
export interface IndexSizes {
  /** Flushes are merged into segments when together they have so many records … */
  readonly flushedRecords: number;
  /** … or when there are so many of them: a quiet account's are small. */
  readonly flushes: number;
  /** A segment of tier 1 has at most so many records, one of tier 2 at most as many as the second number says. */
  readonly largest: readonly [tier1: number, tier2: number];
  /** Segments of tier 1, and of tier 2, are merged when together they have so many records … */
  readonly mergedRecords: readonly [tier1: number, tier2: number];
  /** … or when there are so many of them: each costs a lookup time. */
  readonly segments: number;
  /** Longer lists of a segment of tier 2 or 3 have rows of their own, so that a page need not read all of them. */
  readonly longestInlineList: number;
}

export const DEFAULT_SIZES: IndexSizes = {
  flushedRecords: 8_192,
  flushes: 64,
  largest: [2_048, 32_768],
  mergedRecords: [8_192, 131_072],
  segments: 32,
  longestInlineList: 2_048,
};
