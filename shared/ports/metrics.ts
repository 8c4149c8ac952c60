/** Counts, for `opentrail status` and for CloudWatch metrics. */
export interface Metrics {
  /** Adds to a counter. @param dimensions few, with few values each */
  count(name: string, value: number, dimensions?: Readonly<Record<string, string>>): void;
}
